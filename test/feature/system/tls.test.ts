import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RawAnswer, rawRequest } from '../../support/raw-request.ts';
import { selfSigned } from '../../support/self-signed.ts';
import { runToEnd, startServer, type TestServer, temporaryFolder } from '../../support/server.ts';

const pair = selfSigned();
let folder: string;
let server: TestServer;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'cert.pem'), pair.cert);
  await writeFile(join(folder, 'key.pem'), pair.key, { mode: 0o600 });
  server = await startServer({
    env: { DOORWARD_TLS_CERT: join(folder, 'cert.pem'), DOORWARD_TLS_KEY: join(folder, 'key.pem') },
  });
}, 60_000);

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const ask = (path: string) => rawRequest(`${server.url}${path}`, { ca: pair.cert });

describe('HTTPS served by Doorward itself (issue item 2)', () => {
  it('discovery is answered over TLS with https addresses only', async () => {
    const answer = await ask('/.well-known/openid-configuration');

    const { issuer } = JSON.parse(answer.text);
    expect(issuer).toBe(server.issuer);
    expect(issuer).toMatch(/^https:/);
    expect(answer.text).not.toMatch(/"http:/);
    expect(answer.headers['strict-transport-security']).toMatch(/max-age=\d{7,}/);
  });

  it('DESIGN §8: the cookies of an https issuer are Secure, HttpOnly and SameSite=Lax', async () => {
    const answer = await ask('/account');
    const pathOf = ({ headers }: RawAnswer) => (headers.location ?? '').replace(server.url, '');
    const signIn = await ask(pathOf(answer));
    const authorize = pathOf(signIn) === '' ? signIn : await ask(pathOf(signIn));
    const cookies = [answer, signIn, authorize].flatMap(({ headers }) => headers['set-cookie'] ?? []);

    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; *secure/i);
      expect(cookie).toMatch(/; *httponly/i);
      expect(cookie).toMatch(/; *samesite=(lax|strict)/i);
      expect(cookie).not.toMatch(/; *domain=/i);
    }
  });

  it('plain HTTP on the TLS port gets no page', async () => {
    const plain = rawRequest(server.url.replace('https:', 'http:'));

    await expect(plain).rejects.toThrow();
  });
});

describe('TLS settings that do not work', () => {
  it.each([
    ['a key that belongs to another certificate', 'cert.pem', 'other.pem'],
    ['a file that holds no certificate', 'key.pem', 'key.pem'],
  ])('%s ends the start with a sentence', async (_name, cert, key) => {
    await writeFile(join(folder, 'other.pem'), selfSigned().key);
    const { code, output } = await runToEnd({
      DOORWARD_PORT: '0',
      DOORWARD_DATABASE_URL: await server.databaseUrl(),
      DOORWARD_KEY_ENCRYPTION_KEY: server.env.DOORWARD_KEY_ENCRYPTION_KEY ?? '',
      DOORWARD_TLS_CERT: join(folder, cert),
      DOORWARD_TLS_KEY: join(folder, key),
    });

    expect(code).toBe(1);
    expect(output).toMatch(/DOORWARD_TLS_CERT/);
    expect(output).not.toMatch(/^\s+at /m);
  });
});
