import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { authorizeUrl, basic, pkce, post, TestBrowser, type TokenAnswer } from '../../../support/provider-browser.ts';
import { addClient, addSecret } from '../../../support/provider-seed.ts';

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const service = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
let idp: TestProvider;
let keys: { privateKey: CryptoKey; publicKey: CryptoKey };
let jwk: Record<string, unknown>;

beforeAll(async () => {
  idp = await aProvider();
  keys = await generateKeyPair('ES256', { extractable: true });
  jwk = { ...(await exportJWK(keys.publicKey)), kid: 'rp-key', alg: 'ES256', use: 'sig' };
  await addClient(idp, { clientId: 'basic', secret: 'first', metadata: service });
  await addClient(idp, {
    clientId: 'post',
    secret: 'posted',
    metadata: { ...service, token_endpoint_auth_method: 'client_secret_post' },
  });
  await addClient(idp, {
    clientId: 'pkjwt',
    metadata: { ...service, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } },
  });
  await addClient(idp, {
    clientId: 'csjwt',
    secret: 'a-secret-of-32-characters-or-more',
    isReadable: true,
    metadata: { ...service, token_endpoint_auth_method: 'client_secret_jwt' },
  });
  await addClient(idp, { clientId: 'jar', metadata: { jwks: { keys: [jwk] } } });
});

afterAll(() => idp.end());

const withBasic = (clientId: string, secret: string): Promise<TokenAnswer> =>
  post(idp, '/token', { grant_type: 'client_credentials' }, { authorization: basic(clientId, secret) });

const withAssertion = (assertion: string): Promise<TokenAnswer> =>
  post(idp, '/token', {
    grant_type: 'client_credentials',
    client_assertion: assertion,
    client_assertion_type: ASSERTION,
  });

const assertion = (changes: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  new SignJWT({ jti: randomUUID(), iss: 'pkjwt', sub: 'pkjwt', aud: idp.issuer, ...changes })
    .setProtectedHeader({ alg: 'ES256', kid: 'rp-key', ...header })
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(keys.privateKey);

describe('client secrets', () => {
  it('during a change-over both secrets are accepted, and one that expired is not', async () => {
    await addSecret(idp, { clientId: 'basic', secret: 'second', expiresAt: new Date(Date.now() + 60_000) });
    await addSecret(idp, { clientId: 'basic', secret: 'expired', expiresAt: new Date(Date.now() - 1_000) });

    expect((await withBasic('basic', 'first')).status).toBe(200);
    expect((await withBasic('basic', 'second')).status).toBe(200);
    expect((await withBasic('basic', 'expired')).body.error).toBe('invalid_client');
  });

  it("Go's oauth2 tries Basic and then the body: a registered method of either kind takes both", async () => {
    expect((await withBasic('post', 'posted')).status).toBe(200);
    const inBody = { grant_type: 'client_credentials', client_id: 'basic', client_secret: 'first' };
    expect((await post(idp, '/token', inBody)).status).toBe(200);
  });

  it('the stored hash is no secret', async () => {
    const { rows } = await idp.pool.query<{ hash: string }>('SELECT hash FROM client_secrets');

    for (const { hash } of rows) expect((await withBasic('basic', hash)).body.error).toBe('invalid_client');
  });

  it.each(['', 'first ', 'First', 'firs', 'first\u0000', 'x'.repeat(5000)])('refuses %j', async (secret) => {
    const { status } = await withBasic('basic', secret);

    expect([400, 401]).toContain(status);
  });
});

describe('private_key_jwt and client_secret_jwt (RFC 7523)', () => {
  it('§3: a signed assertion authenticates', async () => {
    expect((await withAssertion(await assertion())).status).toBe(200);
  });

  it('§3, SECURITY-LESSONS 33: of ten parallel presentations of one assertion one is accepted', async () => {
    const once = await assertion();

    const answers = await Promise.all(Array.from({ length: 10 }, () => withAssertion(once)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.error === 'invalid_client')).toHaveLength(9);
  });

  it('the same over two processes', async () => {
    const besides = await aProvider({ besides: idp });
    const once = await assertion();
    const form = { grant_type: 'client_credentials', client_assertion: once, client_assertion_type: ASSERTION };

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => post(index % 2 ? idp : besides, '/token', form)),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await besides.end();
  });

  it('client_secret_jwt is verified with the secret that is kept readable', async () => {
    const sign = (secret: string) =>
      new SignJWT({ jti: randomUUID(), iss: 'csjwt', sub: 'csjwt', aud: `${idp.issuer}/token` })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('1m')
        .sign(new TextEncoder().encode(secret));

    expect((await withAssertion(await sign('a-secret-of-32-characters-or-more'))).status).toBe(200);
    expect((await withAssertion(await sign('another-secret-of-32-characters-x'))).body.error).toBe('invalid_client');
  });

  it('SECURITY-LESSONS 13: header tricks and wrong claims are refused', async () => {
    const [header = '', payload = '', signature = ''] = (await assertion()).split('.');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const publicPem = encode(jwk);
    const hmac = await new SignJWT({ jti: randomUUID(), iss: 'pkjwt', sub: 'pkjwt', aud: idp.issuer })
      .setProtectedHeader({ alg: 'HS256', kid: 'rp-key' })
      .setExpirationTime('1m')
      .sign(new TextEncoder().encode(publicPem.padEnd(32, 'x')));
    const stranger = await generateKeyPair('ES256');
    const embedded = await new SignJWT({ jti: randomUUID(), iss: 'pkjwt', sub: 'pkjwt', aud: idp.issuer })
      .setProtectedHeader({ alg: 'ES256', jwk: await exportJWK(stranger.publicKey) })
      .setExpirationTime('1m')
      .sign(stranger.privateKey);
    const refused = [
      `${encode({ alg: 'none' })}.${payload}.`,
      `${encode({ alg: 'ES256', kid: '../../dev/null' })}.${payload}.${signature}`,
      `${encode({ alg: 'ES256', kid: 'rp-key', crit: ['exp'] })}.${payload}.${signature}`,
      `${header}.${encode({ iss: 'pkjwt', sub: 'pkjwt', aud: idp.issuer, exp: 9e9, jti: 'x' })}.${signature}`,
      hmac,
      embedded,
      await assertion({ aud: 'https://elsewhere.example' }),
      await assertion({ iss: 'basic' }),
      await assertion({ jti: undefined }),
    ];

    for (const one of refused) {
      const { status, body } = await withAssertion(one);
      expect([400, 401]).toContain(status);
      expect(body).not.toHaveProperty('access_token');
    }
  });

  it('DESIGN §8: the audience is the configured issuer, whatever the Host header says', async () => {
    const forHost = await assertion({ aud: 'http://evil.example/token' });
    const form = { grant_type: 'client_credentials', client_assertion: forHost, client_assertion_type: ASSERTION };

    expect((await post(idp, '/token', form, { 'x-forwarded-host': 'evil.example' })).body.error).toBe('invalid_client');
  });
});

describe('request objects (RFC 9101)', () => {
  const request = async (header: Record<string, unknown> = {}, key: CryptoKey | Uint8Array = keys.privateKey) => {
    const { challenge } = pkce();
    const params = Object.fromEntries(new URL(authorizeUrl(idp, { clientId: 'jar' }, challenge)).searchParams);
    return new SignJWT(params)
      .setProtectedHeader({ alg: 'ES256', kid: 'rp-key', ...header })
      .setIssuer('jar')
      .setAudience(idp.issuer)
      .setExpirationTime('1m')
      .sign(key);
  };
  const send = (object: string) =>
    new TestBrowser(idp).visit(`${idp.issuer}/authorize?${new URLSearchParams({ client_id: 'jar', request: object })}`);

  it('a signed request object is taken', async () => {
    expect((await send(await request())).location).toContain('/interaction/');
  });

  it('alg none, HS256 and a foreign key are refused', async () => {
    const [, payload = ''] = (await request()).split('.');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const stranger = await generateKeyPair('ES256');
    const hmac = await request({ alg: 'HS256' }, new TextEncoder().encode('x'.repeat(43)));

    for (const object of [none, hmac, await request({}, stranger.privateKey)]) {
      const { location = '', status } = await send(object);
      expect(location).not.toContain('/interaction/');
      expect(status).toBeLessThan(500);
    }
  });
});
