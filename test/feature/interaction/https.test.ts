import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password } from './a-sign-in.ts';

let server: RunningServer;

beforeAll(async () => {
  // As behind a proxy that ends TLS.
  server = await startServer({
    issuer: 'https://id.example',
    env: { NODE_ENV: 'production', DOORWARD_BCRYPT_COST: '10' },
  });
});
afterAll(async () => {
  await server.stop();
});

describe('DESIGN §8: cookies of an https issuer', () => {
  it('session and device cookie are __Host-, all are Secure and HttpOnly, and signing in works', async () => {
    const app = await aClient(server, { firstParty: true, redirectUri: 'https://app.example/callback' });
    const person = await aPerson(server);
    const visitor = new WebVisitor(server);

    const end = await visitor.signIn(await visitor.get(authorizeUrl(server, app)), person.userName, password);

    expect(callback(end.url).code).toBeDefined();
    const names = visitor.setCookies.map((header) => header.slice(0, header.indexOf('=')));
    expect(names).toEqual(expect.arrayContaining(['__Host-doorward_session', '__Host-doorward_device']));
    for (const header of visitor.setCookies)
      expect(header).toMatch(/(?=.*; secure)(?=.*; httponly)(?=.*; samesite=lax)/i);
    for (const header of visitor.setCookies.filter((one) => one.startsWith('__Host-'))) {
      expect(header).toMatch(/; path=\/(;|$)/i);
      expect(header).not.toMatch(/; domain=/i);
    }
  });
});
