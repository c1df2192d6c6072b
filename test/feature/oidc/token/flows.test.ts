import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, post, redeem } from '../../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../../support/provider-seed.ts';

const JWT_API = 'https://jwt.example';
const OPAQUE_API = 'urn:opaque';
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addResourceServer(idp, { identifier: JWT_API, format: 'jwt', permissions: ['orders:read', 'orders:write'] });
  await addResourceServer(idp, { identifier: OPAQUE_API, permissions: ['stock:read', 'stock:write'] });
  await addClient(idp, { clientId: 'web', secret: 'web-secret' });
  await addClient(idp, {
    clientId: 'worker',
    secret: 'worker-secret',
    metadata: { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
  });
  await allow(idp, { subject: { clientId: 'worker' }, resource: OPAQUE_API, values: ['stock:read'] });
  alice = await addUser(idp, { userName: 'alice', email: 'alice@example.com', emailVerified: true });
  await allow(idp, { subject: { userId: alice }, resource: JWT_API, values: ['orders:read'] });
});

afterAll(() => idp.end());

describe('client_credentials', () => {
  it('RFC 6749 §4.4: a client gets an opaque token with what it is granted of what it asks for', async () => {
    const { status, body } = await post(
      idp,
      '/token',
      { grant_type: 'client_credentials', scope: 'stock:read stock:write' },
      { authorization: basic('worker', 'worker-secret') },
    );

    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'stock:read' });
    const { rows } = await idp.pool.query(
      `SELECT type, actor_id, details FROM audit_events WHERE type = 'tokens.issued'`,
    );
    expect(rows).toEqual([
      {
        type: 'tokens.issued',
        actor_id: 'worker',
        details: {
          grantType: 'client_credentials',
          tokens: ['access_token'],
          scope: 'stock:read',
          resource: OPAQUE_API,
        },
      },
    ]);
  });

  it('RFC 6749 §3.3: without scope it gets all it is granted at its only resource server', async () => {
    const { body } = await post(
      idp,
      '/token',
      { grant_type: 'client_credentials' },
      { authorization: basic('worker', 'worker-secret') },
    );

    expect(body.scope).toBe('stock:read');
  });

  it('RFC 6749 §5.2: a wrong secret is refused with invalid_client and 401', async () => {
    const { status, body, response } = await post(
      idp,
      '/token',
      { grant_type: 'client_credentials' },
      { authorization: basic('worker', 'worker-secre') },
    );

    expect(status).toBe(401);
    expect(body.error).toBe('invalid_client');
    expect(response.headers.get('www-authenticate')).toContain('Basic');
  });
});

describe('authorization_code', () => {
  it('OIDC Core §3.1: a first-party client gets code, tokens and userinfo without a consent page', async () => {
    const signedIn = await obtainCode(idp, { clientId: 'web', scope: 'openid profile email' }, { accountId: alice });

    const { status, body } = await redeem(idp, signedIn, basic('web', 'web-secret'));

    expect(status).toBe(200);
    expect(signedIn.callback.searchParams.get('iss')).toBe(idp.issuer);
    const idToken = decodeJwt(String(body.id_token));
    expect(decodeProtectedHeader(String(body.id_token)).alg).toBe('RS256');
    expect(idToken).toMatchObject({ iss: idp.issuer, sub: alice, aud: 'web', sid: expect.any(String) });
    expect(idToken).not.toHaveProperty('email');
    const userinfo = await fetch(`${idp.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(await userinfo.json()).toMatchObject({
      sub: alice,
      name: 'Alice Archer',
      preferred_username: 'alice',
      email: 'alice@example.com',
      email_verified: true,
    });
  });

  it('RFC 8707 §2.2: an access token for a resource server carries what is requested and granted', async () => {
    const request = { clientId: 'web', scope: 'openid orders:read orders:write', resource: JWT_API };
    const signedIn = await obtainCode(idp, request, { accountId: alice });

    const { body } = await redeem(idp, signedIn, basic('web', 'web-secret'), { resource: JWT_API });

    expect(body.scope).toBe('orders:read');
    const token = String(body.access_token);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(decodeJwt(token)).toMatchObject({
      aud: JWT_API,
      scope: 'orders:read',
      permissions: ['orders:read'],
      sub: alice,
    });
  });

  it('RFC 7636 §4.6: a wrong code_verifier is refused with invalid_grant', async () => {
    const signedIn = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });

    const { status, body } = await redeem(idp, { ...signedIn, verifier: 'x'.repeat(43) }, basic('web', 'web-secret'));

    expect([status, body.error]).toEqual([400, 'invalid_grant']);
  });
});
