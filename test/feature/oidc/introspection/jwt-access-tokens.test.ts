import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompactSign, decodeJwt, importJWK } from 'jose';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, post, redeem, type TokenAnswer } from '../../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../../support/provider-seed.ts';

const API = 'https://api.example';
const web = basic('web', 'web-secret');
const worker = basic('worker', 'worker-secret');
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addResourceServer(idp, { identifier: API, format: 'jwt', permissions: ['orders:read'] });
  await addResourceServer(idp, {
    identifier: 'urn:legacy',
    format: 'jwt',
    accessTokenType: 'JWT',
    signingAlg: 'RS256',
    permissions: ['old:read'],
  });
  await addClient(idp, { clientId: 'web', secret: 'web-secret' });
  await addClient(idp, { clientId: 'other', secret: 'other-secret' });
  await addClient(idp, { clientId: API, secret: 'api-secret' });
  const service = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
  await addClient(idp, { clientId: 'worker', secret: 'worker-secret', metadata: service });
  await allow(idp, { subject: { clientId: 'worker' }, resource: API, values: ['orders:read'] });
  await allow(idp, { subject: { clientId: 'worker' }, resource: 'urn:legacy', values: ['old:read'] });
  alice = await addUser(idp, { userName: 'alice' });
  await allow(idp, { subject: { userId: alice }, resource: API, values: ['orders:read'] });
});

afterAll(() => idp.end());

const introspect = (token: unknown, authorization: string): Promise<TokenAnswer> =>
  post(idp, '/introspect', { token: String(token) }, { authorization });
const revoke = (token: unknown, authorization: string): Promise<TokenAnswer> =>
  post(idp, '/revoke', { token: String(token) }, { authorization });

async function personToken(): Promise<string> {
  const signedIn = await obtainCode(idp, { clientId: 'web', scope: 'openid orders:read' }, { accountId: alice });
  return String((await redeem(idp, signedIn, web, { resource: API })).body.access_token);
}

async function serviceToken(resource = API): Promise<string> {
  return String(
    (await post(idp, '/token', { grant_type: 'client_credentials', resource }, { authorization: worker })).body
      .access_token,
  );
}

describe('introspection of JWT access tokens', () => {
  it('RFC 7662 §2.2: the client it was issued to and the resource server it is for see it active', async () => {
    const token = await personToken();

    const own = await introspect(token, web);
    const forIt = await introspect(token, basic(API, 'api-secret'));

    const { jti, exp, iat } = decodeJwt(token);
    expect(own.body).toMatchObject({
      ...{ active: true, sub: alice, client_id: 'web', aud: API, scope: 'orders:read', iss: idp.issuer },
      ...{ permissions: ['orders:read'], token_type: 'Bearer', jti, exp, iat },
    });
    expect(own.body).not.toHaveProperty('dw_ref');
    expect(forIt.body).toEqual(own.body);
  });

  it('RFC 7662 §4: any other client sees it inactive', async () => {
    expect((await introspect(await personToken(), basic('other', 'other-secret'))).body).toEqual({ active: false });
    expect((await introspect(await serviceToken(), basic('other', 'other-secret'))).body).toEqual({ active: false });
  });

  it('RFC 7662 §2.1: without client authentication nothing is said', async () => {
    expect((await post(idp, '/introspect', { token: await serviceToken() })).status).toBe(400);
  });

  it('a resource server that knows no at+jwt gets typ JWT and its algorithm, and they are introspected too', async () => {
    const token = await serviceToken('urn:legacy');

    const [header] = token.split('.');
    expect(JSON.parse(Buffer.from(header ?? '', 'base64url').toString())).toMatchObject({ typ: 'JWT', alg: 'RS256' });
    expect((await introspect(token, worker)).body).toMatchObject({ active: true, client_id: 'worker' });
  });

  it('an ID token, or a JWT signed by the same key without our reference, is no access token', async () => {
    const signedIn = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });
    const { body } = await redeem(idp, signedIn, web);
    const { alg, kid, privateJwk } =
      idp.keyRing.current().signing.find((key) => key.alg === 'ES256' && key.state === 'active') ?? never();
    const claims = { ...decodeJwt(await serviceToken()), dw_ref: 'AAAA' };
    const forged = await new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
      .sign(await importJWK(privateJwk, alg));

    expect((await introspect(body.id_token, web)).body).toEqual({ active: false });
    expect((await introspect(forged, worker)).body).toEqual({ active: false });
  });

  it('RFC 7515 §10: a changed payload, alg none and HS256 with a public key are inactive', async () => {
    const token = await serviceToken();
    const [header = '', payload = '', signature = ''] = token.split('.');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const original = JSON.parse(Buffer.from(header, 'base64url').toString());
    const variants = [
      `${header}.${encode({ ...decodeJwt(token), scope: 'orders:write' })}.${signature}`,
      `${encode({ ...original, alg: 'none' })}.${payload}.`,
      `${encode({ ...original, alg: 'HS256' })}.${payload}.${signature}`,
      `${encode({ ...original, kid: '../../etc/passwd' })}.${payload}.${signature}`,
      `${encode({ ...original, jwk: { kty: 'oct', k: 'AA' } })}.${payload}.${signature}`,
      `${encode({ ...original, crit: ['b64'], b64: false })}.${payload}.${signature}`,
    ];

    for (const variant of variants) expect((await introspect(variant, worker)).body).toEqual({ active: false });
  });
});

describe('revocation of JWT access tokens', () => {
  it('RFC 7009 §2: a revoked one is inactive, and its answer names no content type', async () => {
    const token = await serviceToken();

    const { status, response } = await revoke(token, worker);

    expect(status).toBe(200);
    expect(response.headers.get('content-type')).toBeNull();
    expect((await introspect(token, worker)).body).toEqual({ active: false });
    const { rows } = await idp.pool.query(`SELECT actor_id, details FROM audit_events WHERE type = 'tokens.revoked'`);
    expect(rows[0]).toMatchObject({ actor_id: 'worker', details: { token: 'ClientCredentials' } });
  });

  it('RFC 7009 §2.1: another client cannot revoke it', async () => {
    const token = await serviceToken();

    expect((await revoke(token, basic('other', 'other-secret'))).body.error).toBe('invalid_request');
    expect((await introspect(token, worker)).body).toMatchObject({ active: true });
  });

  it('RFC 7009 §2.2: an unknown token is answered with 200', async () => {
    expect((await revoke('unknown', worker)).status).toBe(200);
    expect((await revoke('a.b.c', worker)).status).toBe(200);
  });

  it('the end of the grant ends the JWTs that came from it', async () => {
    const token = await personToken();
    await idp.pool.query(`DELETE FROM provider_records WHERE model = 'Grant'`);

    expect((await introspect(token, web)).body).toEqual({ active: false });
    expect(await idp.host.accessTokens.verify(token)).toBeUndefined();
  });

  it('the end of the session ends the JWTs that are bound to it', async () => {
    const token = await personToken();
    expect(await idp.host.accessTokens.verify(token)).toMatchObject({ accountId: alice, audience: API });
    await idp.pool.query(`UPDATE provider_records SET ended_at = now() WHERE model = 'Session'`);

    expect((await introspect(token, web)).body).toEqual({ active: false });
    expect(await idp.host.accessTokens.verify(token)).toBeUndefined();
  });
});

function never(): never {
  throw new Error('unreachable');
}
