import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import type { AdminApi } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { redeem, signIn, UserAgent } from '../../support/user-agent.ts';
import { aPerson, password, redirectUri, type Tokens } from './relying-party.ts';

jest.setTimeout(60_000);

let server: TestServer;
let admin: AdminApi;
let relyingParty: Server;
let logoutUri: string;
let received: string[];
/** What the relying party answers next; 200 when there is nothing left. */
let answers: number[];

beforeAll(async () => {
  received = [];
  answers = [];
  relyingParty = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    received.push(new URLSearchParams(body).get('logout_token') ?? '');
    res.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => relyingParty.listen(0, '127.0.0.1', resolve));
  logoutUri = `http://127.0.0.1:${(relyingParty.address() as AddressInfo).port}/backchannel`;
  server = await startServer({ env: { DOORWARD_OUTBOUND_ALLOW: '127.0.0.1' } });
  admin = await server.admin();
}, 60_000);

afterAll(async () => {
  relyingParty?.closeAllConnections();
  relyingParty?.close();
  await server?.stop();
});

async function someoneSignedIn() {
  received.length = 0;
  // §2.2: http is for confidential clients, and for loopback.
  const created = await admin.post('/clients', {
    client_name: 'Web app',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    first_party: true,
    backchannel_logout_uri: logoutUri,
  });
  const [clientId, secret] = [String(created.client_id), String(created.client_secret)];
  const person = await aPerson(admin);
  const agent = new UserAgent({ via: { [server.issuer]: server.url } });
  const { userName } = person;
  const scope = 'openid offline_access';
  const { code, pkce } = await signIn(agent, {
    issuer: server.issuer,
    clientId,
    redirectUri,
    userName,
    password,
    scope,
  });
  const tokens = (await (await redeem(server.url, { clientId, secret, redirectUri, code, pkce })).json()) as Tokens;
  const { sid } = JSON.parse(Buffer.from(tokens.id_token?.split('.')[1] ?? '', 'base64url').toString());
  return { clientId, secret, person, tokens, sid };
}

describe('OpenID Connect Back-Channel Logout 1.0', () => {
  it('§2.4: a person who is deactivated is logged out everywhere, by a logout token with sub and sid', async () => {
    const { clientId, secret, person, tokens, sid } = await someoneSignedIn();

    await admin.patch(`/users/${person.id}`, { active: false });
    await eventually(() => received.length, Boolean);
    const token = received[0] ?? '';
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(`${server.url}/jwks`)), {
      issuer: server.issuer,
      audience: clientId,
      requiredClaims: ['exp', 'iat', 'jti'],
    });
    const refreshed = await fetch(`${server.url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token ?? '',
      }),
    });

    expect(decodeProtectedHeader(token).typ).toBe('logout+jwt');
    expect(payload).toMatchObject({
      sub: person.id,
      sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(payload).not.toHaveProperty('nonce');
    expect(refreshed.status).toBe(400);
  });

  it('DESIGN §3: a relying party that does not accept it is told again', async () => {
    const { person } = await someoneSignedIn();
    answers.push(500);

    await admin.patch(`/users/${person.id}`, { active: false });

    expect(
      await eventually(
        () => received.length,
        (count) => count >= 2,
        40_000,
      ),
    ).toBeGreaterThanOrEqual(2);
  });
});
