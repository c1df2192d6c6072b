// DESIGN §9: what broke real clients against the bare library, one test a line where no other test has it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import type { TestServer } from '../../support/server.ts';
import { newPkce, redeem, UserAgent } from '../../support/user-agent.ts';
import { alice, aProvider, api, bob, callback, secret, spaOrigin, throughPages } from './a-provider.ts';

let server: TestServer;

beforeAll(async () => {
  server = await aProvider({ DOORWARD_CLIENT_REGISTRATION: 'open' });
}, 60_000);

afterAll(async () => {
  await server?.stop();
});

type Client = { readonly clientId: string; readonly secret?: string; readonly redirectUri: string };
const web: Client = { clientId: 'web', secret, redirectUri: callback };
const spa: Client = { clientId: 'spa', redirectUri: `${spaOrigin}/callback` };

const basic = (id: string, password: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(password)}`).toString('base64')}`;

function authorizationUrl({ clientId, redirectUri }: Client, scope: string, more = {}) {
  const pkce = newPkce();
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope,
    code_challenge: pkce.challenge,
    code_challenge_method: 'S256',
    ...more,
  });
  return { url: `${server.issuer}/authorize?${query}`, pkce };
}

async function tokens(client: Client, scope: string, person = alice) {
  const { url, pkce } = authorizationUrl(client, scope);
  const address = await throughPages(url, client.redirectUri, person);
  const code = address.searchParams.get('code') ?? '';
  const { secret: password } = client;
  const request = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    code_verifier: pkce.verifier,
  };
  const answer = password
    ? await post('/token', request, { authorization: basic(client.clientId, password) })
    : await redeem(server.url, { ...client, code, pkce });
  expect(answer.status).toBe(200);
  return Object(await answer.json());
}

const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(server.issuer + path, { method: 'POST', headers, body: new URLSearchParams(form) });

async function userInfo(token: string) {
  const answer = await fetch(`${server.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
  return Object(await answer.json());
}

describe('DESIGN §9: what real clients need', () => {
  it.each([
    ['a refresh token', async () => String((await tokens(spa, 'openid')).refresh_token)],
    ['a token that nobody knows (RFC 7009 §2.2)', async () => 'unknown'],
  ])('revocation of %s is an empty 200 without Content-Type', async (_which, token) => {
    const answer = await post('/revoke', { token: await token(), client_id: 'spa' }, { origin: spaOrigin });

    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
    expect(answer.headers.get('content-type')).toBeNull();
    expect(answer.headers.get('access-control-allow-origin')).toBe(spaOrigin);
  });

  it('groups, roles and permissions are flat arrays of strings', async () => {
    const { access_token: token } = await tokens(web, 'openid roles groups permissions');

    expect(await userInfo(token)).toMatchObject({
      roles: ['order-clerk'],
      groups: ['Sales'],
      permissions: ['orders:read'],
    });
  });

  it('email_verified is a boolean, and true only when it is', async () => {
    const claims = async (person: typeof alice) => userInfo((await tokens(web, 'openid email', person)).access_token);

    expect(await claims(alice)).toMatchObject({ email: alice.userName, email_verified: true });
    expect(await claims(bob)).toMatchObject({ email: bob.userName, email_verified: false });
  });

  it('no page between the request and the redirect has form-action, which Chromium applies to the redirect', async () => {
    const agent = new UserAgent();
    const client = { ...web, clientId: 'third-party' };
    const login = await agent.visit(authorizationUrl(client, 'openid').url, {}, callback);
    const consent = await agent.submit(
      login,
      'username',
      { username: alice.userName, password: alice.password },
      callback,
    );
    await agent.submit(consent, 'decision', { decision: 'approve' }, callback);
    const again = authorizationUrl(client, 'openid', { response_mode: 'form_post' });
    const posting = await agent.visit(again.url, {}, callback);
    const logout = await agent.visit(`${server.issuer}/logout?client_id=third-party`);

    for (const [page, sign] of [
      [login, ' name="username"'],
      [consent, ' name="decision"'],
      [posting, ' name="code"'],
      [logout, ' name="logout"'],
    ] as const) {
      expect(page.text).toContain(sign);
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('form-action');
    }
  });

  it('offline_access without prompt=consent: kept for a first-party client', async () => {
    expect((await tokens(web, 'openid offline_access')).scope).toContain('offline_access');
  });

  it('a request without the openid scope is valid, and yields no ID token', async () => {
    const answer = await tokens(web, 'orders:read');

    expect(answer).toMatchObject({ scope: 'orders:read', access_token: expect.stringMatching(/^ey/) });
    expect(answer).not.toHaveProperty('id_token');
    expect(JSON.parse(Buffer.from(answer.access_token.split('.')[1], 'base64url').toString()).aud).toBe(api);
  });

  it.each([
    ['token', '/token'],
    ['userinfo', '/userinfo'],
    ['revocation', '/revoke'],
    ['metadata', '/.well-known/openid-configuration'],
    ['OAuth metadata', '/.well-known/oauth-authorization-server'],
    ['keys', '/jwks'],
  ])('CORS: a page of a public client may call %s with DPoP', async (_name, path) => {
    const preflight = await fetch(server.issuer + path, {
      method: 'OPTIONS',
      headers: {
        origin: spaOrigin,
        'access-control-request-method': path.startsWith('/.') || path === '/jwks' ? 'GET' : 'POST',
        'access-control-request-headers': 'authorization,dpop',
      },
    });

    expect([200, 204]).toContain(preflight.status);
    expect([spaOrigin, '*']).toContain(preflight.headers.get('access-control-allow-origin'));
    expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('dpop');
  });

  it('CORS: DPoP-Nonce and WWW-Authenticate are readable for the page', async () => {
    const { access_token: token } = await tokens(spa, 'openid');
    const answers = [
      await fetch(`${server.issuer}/userinfo`, { headers: { origin: spaOrigin, authorization: `Bearer ${token}` } }),
      await post('/token', { grant_type: 'authorization_code', code: 'x', client_id: 'spa' }, { origin: spaOrigin }),
    ];

    for (const answer of answers) {
      const readable = answer.headers.get('access-control-expose-headers')?.toLowerCase();
      expect(readable).toContain('dpop-nonce');
      expect(readable).toContain('www-authenticate');
    }
  });

  it("Go's oauth2 guesses how a client authenticates: wrong guesses, however many, feed no throttle", async () => {
    const form = { grant_type: 'refresh_token', refresh_token: 'unknown' };
    for (let guess = 0; guess < 40; guess += 1) {
      const refused = await post('/token', form, { authorization: basic('web', 'wrong') });
      expect(refused.status).toBe(401);
    }

    const right = await post('/token', { ...form, client_id: 'web', client_secret: secret });

    expect({ status: right.status, error: (await right.json()).error }).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
  });

  it('a client that registers without saying so gets RS256 ID tokens', async () => {
    const answer = await fetch(`${server.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'New', redirect_uris: [callback] }),
    });
    const client = Object(await answer.json());
    expect({ status: answer.status, client }).toMatchObject({ status: 201 });

    const asClient = { clientId: client.client_id, secret: client.client_secret, redirectUri: callback };
    const { id_token: idToken } = await tokens(asClient, 'openid');

    expect(decodeProtectedHeader(idToken).alg).toBe('RS256');
  });
});
