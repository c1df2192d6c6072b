import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server.ts';
import { type Answer, runBuilt } from './a-terminal.ts';

const FILE = `
clients: [{ client_id: worker, grant_types: [client_credentials], client_secret: the-first-secret-of-worker }]
`;

describe('the command line beside a running server on an embedded database (DESIGN §8)', () => {
  let server: TestServer;
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doorward-beside-'));
    server = await startServer({ dataDir: join(folder, 'data') });
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const doorward = (...words: string[]): Promise<Answer> => runBuilt(words, { env: server.env, cwd: folder });
  const applied = async (text: string): Promise<Answer> => {
    await writeFile(join(folder, 'file.yaml'), text);
    return doorward('apply', '-f', 'file.yaml');
  };
  const tokenWith = (secret: string) =>
    fetch(`${server.url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`worker:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });

  it('a client that was applied, rotated and disabled is that at once to the server', async () => {
    expect((await applied(FILE)).code).toBe(0);
    expect((await tokenWith('the-first-secret-of-worker')).status).not.toBe(401);

    expect((await applied(FILE.replace('first', 'second'))).code).toBe(0);
    expect((await tokenWith('the-second-secret-of-worker')).status).not.toBe(401);
    expect((await tokenWith('the-first-secret-of-worker')).status).not.toBe(401);

    await doorward('clients', 'disable', 'worker');
    expect((await tokenWith('the-second-secret-of-worker')).status).toBe(401);
  });

  it('an initial access token from the command line registers a client (RFC 7591 §3)', async () => {
    const token = (await doorward('clients', 'initial-access-token')).out.trim();

    const answer = await fetch(`${server.url}/register`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['https://app.example/callback'] }),
    });

    expect(answer.status).toBe(201);
  });

  it('doctor finds the issuer; doctor request tells which redirect URI was sent and which are registered', async () => {
    await applied('clients: [{ client_id: web, redirect_uris: ["https://app.example/callback"] }]');
    const answer = await fetch(
      `${server.url}/authorize?client_id=web&response_type=code&scope=openid&redirect_uri=https%3A%2F%2Fevil.example`,
    );

    const told = await doorward('doctor', 'request', answer.headers.get('x-request-id') ?? '');

    expect(told.out).toContain('https://evil.example');
    expect(told.out).toContain('https://app.example/callback');
    const { code, out } = await doorward('doctor');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^ok {4}issuer: /m) });
  });

  it('audit verify and backup work, restore and a second start are refused with one sentence', async () => {
    expect((await doorward('audit', 'verify')).out).toContain('intact');
    expect((await doorward('backup', 'backup')).code).toBe(0);

    const refused = [await doorward('restore', 'backup', '--force'), await doorward('start')];

    for (const { code, err } of refused) {
      expect(code).toBe(1);
      expect(err).toMatch(/already running/);
    }
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  });
});
