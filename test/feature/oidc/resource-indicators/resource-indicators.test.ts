import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { authorizeUrl, basic, obtainCode, pkce, post, redeem, TestBrowser } from '../../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../../support/provider-seed.ts';

const [ORDERS, STOCK, TWIN] = ['https://orders.example', 'urn:stock', 'https://twin.example'];
const web = basic('web', 'web-secret');
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addResourceServer(idp, { identifier: ORDERS, permissions: ['orders:read', 'orders:write', 'shared'] });
  await addResourceServer(idp, { identifier: STOCK, permissions: ['stock:read'] });
  await addResourceServer(idp, { identifier: TWIN, permissions: ['shared', 'twin:read'] });
  await addClient(idp, { clientId: 'web', secret: 'web-secret' });
  await addClient(idp, { clientId: 'scoped', secret: 'web-secret', metadata: { scope: 'openid orders:read' } });
  const service = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
  await addClient(idp, { clientId: 'two', secret: 'a-secret', metadata: service });
  await addClient(idp, { clientId: 'none', secret: 'a-secret', metadata: service });
  await allow(idp, { subject: { clientId: 'two' }, resource: ORDERS, values: ['orders:read'] });
  await allow(idp, { subject: { clientId: 'two' }, resource: STOCK, values: ['stock:read'] });
  alice = await addUser(idp, { userName: 'alice' });
  await allow(idp, { subject: { userId: alice }, resource: ORDERS, values: ['orders:read', 'shared'] });
  await allow(idp, { subject: { userId: alice }, resource: STOCK, values: ['stock:read'] });
});

afterAll(() => idp.end());

const service = (clientId: string, form: Record<string, string> = {}) =>
  post(idp, '/token', { grant_type: 'client_credentials', ...form }, { authorization: basic(clientId, 'a-secret') });
const audience = async (token: unknown): Promise<unknown> =>
  (await post(idp, '/introspect', { token: String(token) }, { authorization: web })).body.aud;

describe('which resource server is meant (DESIGN §8)', () => {
  it('the one that all requested permissions belong to', async () => {
    const signedIn = await obtainCode(idp, { clientId: 'web', scope: 'orders:read shared' }, { accountId: alice });
    const { body } = await redeem(idp, signedIn, web);

    expect(body.scope).toBe('orders:read shared');
    expect(await audience(body.access_token)).toBe(ORDERS);
  });

  it.each(['orders:read stock:read', 'shared'])('several for %j: invalid_target names them', async (scope) => {
    const { location = '' } = await new TestBrowser(idp).visit(
      authorizeUrl(idp, { clientId: 'web', scope }, pkce().challenge),
    );

    const answer = new URL(location).searchParams;
    expect(answer.get('error')).toBe('invalid_target');
    expect(answer.get('error_description')).toContain(ORDERS);
  });

  it('RFC 8707 §2: an unknown one is invalid_target', async () => {
    expect((await service('two', { resource: 'https://unknown.example' })).body.error).toBe('invalid_target');
  });

  it('client_credentials without scope: all it is granted at the named one; of several none is chosen', async () => {
    expect((await service('two', { resource: STOCK })).body.scope).toBe('stock:read');
    const several = await service('two');
    expect(several.body).toMatchObject({ error: 'invalid_target', error_description: expect.stringContaining(STOCK) });
    expect((await service('none')).body).toMatchObject({ scope: '', token_type: 'Bearer' });
  });

  it('after openid a token request without resource yields the userinfo token, with resource that one', async () => {
    const request = { clientId: 'web', scope: 'openid email orders:read' };
    const forUserinfo = await redeem(idp, await obtainCode(idp, request, { accountId: alice }), web);
    const forOrders = await redeem(idp, await obtainCode(idp, request, { accountId: alice }), web, {
      resource: ORDERS,
    });

    expect(forUserinfo.body.scope).toBe('openid email');
    expect(forOrders.body.scope).toBe('orders:read');
    const userinfo = (token: unknown) =>
      fetch(`${idp.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    expect((await userinfo(forUserinfo.body.access_token)).status).toBe(200);
    expect((await userinfo(forOrders.body.access_token)).status).toBe(403);
  });

  it('several resources in one request: a token for each by refresh', async () => {
    const request = { clientId: 'web', scope: 'openid orders:read stock:read', resource: [ORDERS, STOCK] };
    const { body } = await redeem(idp, await obtainCode(idp, request, { accountId: alice }), web, { resource: ORDERS });
    const refreshed = await post(
      idp,
      '/token',
      { grant_type: 'refresh_token', refresh_token: String(body.refresh_token), resource: STOCK },
      { authorization: web },
    );

    expect([body.scope, refreshed.body.scope]).toEqual(['orders:read', 'stock:read']);
    expect(await audience(refreshed.body.access_token)).toBe(STOCK);
  });
});

describe('least privilege', () => {
  it('roles are asked at every issuance: a permission that was taken away is gone at the next refresh', async () => {
    const bob = await addUser(idp, { userName: 'bob' });
    const role = await allow(idp, { subject: { userId: bob }, resource: ORDERS, values: ['orders:write'] });
    const request = { clientId: 'web', scope: 'openid orders:write', resource: ORDERS };
    const { body } = await redeem(idp, await obtainCode(idp, request, { accountId: bob }), web, { resource: ORDERS });
    await idp.pool.query('DELETE FROM role_assignments WHERE role_id = $1', [role]);
    idp.changes.applyLocally({ topic: 'access', key: '*' });

    const refreshed = await post(
      idp,
      '/token',
      { grant_type: 'refresh_token', refresh_token: String(body.refresh_token), resource: ORDERS },
      { authorization: web },
    );

    expect([body.scope, refreshed.body.scope]).toEqual(['orders:write', '']);
  });

  it('RFC 7591 §2: a client that registered scopes gets no others', async () => {
    const request = { clientId: 'scoped', scope: 'openid orders:read shared', resource: ORDERS };
    const { body } = await redeem(
      idp,
      await obtainCode(idp, request, { accountId: alice }),
      basic('scoped', 'web-secret'),
      { resource: ORDERS },
    );

    expect(body.scope).toBe('orders:read');
  });

  it('openid alone yields no e-mail, roles, groups or permissions', async () => {
    const { body } = await redeem(idp, await obtainCode(idp, { clientId: 'web' }, { accountId: alice }), web);
    const userinfo = await fetch(`${idp.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });

    expect(await userinfo.json()).toEqual({ sub: alice });
    expect(Object.keys(decodeJwt(String(body.id_token))).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sid', 'sub']);
  });

  it('roles, groups and permissions are flat arrays; permissions only of what the client deals with', async () => {
    const request = { clientId: 'web', scope: 'openid roles groups permissions orders:read', resource: ORDERS };
    const { body } = await redeem(idp, await obtainCode(idp, request, { accountId: alice }), web);
    const userinfo = await fetch(`${idp.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });

    expect(await userinfo.json()).toEqual({
      sub: alice,
      groups: [],
      roles: expect.arrayContaining([expect.stringMatching(/^role-/)]),
      permissions: ['orders:read', 'shared'],
    });
  });

  it('claims_in_id_token puts the claims of scopes into the ID token', async () => {
    await addClient(idp, { clientId: 'id-token-reader', secret: 'web-secret', claimsInIdToken: true });
    const request = { clientId: 'id-token-reader', scope: 'openid profile roles' };
    const { body } = await redeem(
      idp,
      await obtainCode(idp, request, { accountId: alice }),
      basic('id-token-reader', 'web-secret'),
    );

    expect(decodeJwt(String(body.id_token))).toMatchObject({ name: 'Alice Archer', roles: expect.any(Array) });
  });

  it('OIDC Core §5.5: the claims parameter asks for single claims', async () => {
    const claims = JSON.stringify({
      id_token: { preferred_username: null },
      userinfo: { given_name: { essential: true } },
    });
    const { body } = await redeem(idp, await obtainCode(idp, { clientId: 'web', claims }, { accountId: alice }), web);
    const userinfo = await fetch(`${idp.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });

    expect(decodeJwt(String(body.id_token)).preferred_username).toBe('alice');
    expect(await userinfo.json()).toEqual({ sub: alice, given_name: 'Alice' });
  });
});
