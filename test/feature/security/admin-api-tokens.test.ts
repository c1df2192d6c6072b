import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, type JWK, SignJWT } from 'jose';
import { type AdminClient, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';

/** SECURITY-LESSONS 11, 13, 33: whatever was made for something else opens nothing of the admin API. */
const ADMIN = 'urn:doorward:admin';
const OTHER = 'https://other.example.com';
const now = () => Math.floor(Date.now() / 1000);
let server: RunningServer;
let client: AdminClient;
let admin: string;

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const mine = pair();
const other = pair();
let publicJwk: JWK;

beforeAll(async () => {
  server = await startServer();
  admin = `${server.origin}/admin/v1/users`;
  client = await addAdminClient(String(server.configuration.databaseUrl));
  const api = await adminApi({ url: server.origin, client });
  for (const format of ['jwt', 'opaque'])
    await api.post('/resource-servers', {
      identifier: `${OTHER}/${format}`,
      accessTokenFormat: format,
      // The same values as the admin API's own: the audience alone tells them apart.
      permissions: [{ value: 'users:read' }],
    });
  await api.patch(`/clients/${client.clientId}`, {
    permissions: [ADMIN, `${OTHER}/jwt`, `${OTHER}/opaque`].map((resource) => ({ resource, values: ['users:read'] })),
  });
  publicJwk = await exportJWK(mine.publicKey);
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function tokenFor(resource: string, headers: Record<string, string> = {}): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${client.clientId}:${client.secret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials', resource, scope: 'users:read' });
  const answer = await fetch(`${server.origin}/token`, {
    method: 'POST',
    headers: { authorization, ...headers },
    body,
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new Error('no token');
  return token;
}

const statusOf = async (headers: Record<string, string>, url = admin, init: RequestInit = {}): Promise<number> =>
  (await fetch(url, { ...init, headers })).status;

type Proof = {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: Parameters<SignJWT['sign']>[0];
};

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
const without = (claims: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));

function proof(token: string | undefined, { claims = {}, header = {}, key = mine.privateKey }: Proof = {}) {
  const htu = token === undefined ? `${server.issuer}/token` : `${server.issuer}/admin/v1/users`;
  const all = { jti: randomUUID(), htm: token === undefined ? 'POST' : 'GET', htu, iat: now(), ...claims };
  const ath = token === undefined ? {} : { ath: hashOf(token) };
  return new SignJWT(without({ ...ath, ...all }))
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicJwk, ...header })
    .sign(key);
}

const boundToken = async (): Promise<string> => tokenFor(ADMIN, { dpop: await proof(undefined) });
const unsigned = (jwt: string): string => {
  const [, payload] = jwt.split('.');
  const header = { typ: 'dpop+jwt', alg: 'none', jwk: publicJwk };
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.`;
};

describe('RFC 9449 §4.3, §7.1: a token that is bound to a key', () => {
  const tricks: Readonly<Record<string, (token: string) => Promise<string>>> = {
    'for another method': (token) => proof(token, { claims: { htm: 'POST' } }),
    'for another path': (token) => proof(token, { claims: { htu: `${server.issuer}/admin/v1/groups` } }),
    'for another host': (token) => proof(token, { claims: { htu: 'https://evil.example/admin/v1/users' } }),
    'for another token': (token) => proof(token, { claims: { ath: hashOf(`${token}x`) } }),
    'for no token': (token) => proof(token, { claims: { ath: undefined } }),
    'without id': (token) => proof(token, { claims: { jti: undefined } }),
    'without time': (token) => proof(token, { claims: { iat: undefined } }),
    'that is old': (token) => proof(token, { claims: { iat: now() - 400 } }),
    'from the future': (token) => proof(token, { claims: { iat: now() + 400 } }),
    'of another type': (token) => proof(token, { header: { typ: 'JWT' } }),
    'of another key that it names': async (token) =>
      proof(token, { key: other.privateKey, header: { jwk: await exportJWK(other.publicKey) } }),
    'of another key in the name of the right one': (token) => proof(token, { key: other.privateKey }),
    'that names no key': (token) => proof(token, { header: { jwk: undefined } }),
    'that gives its private key away': async (token) =>
      proof(token, { header: { jwk: await exportJWK(mine.privateKey) } }),
    'signed with the public key as a secret': (token) =>
      proof(token, { header: { alg: 'HS256' }, key: new TextEncoder().encode(JSON.stringify(publicJwk)) }),
    'that is not signed': async (token) => unsigned(await proof(token)),
    'that is no JWT': async () => 'a.b.c',
  };

  it('opens the API with a proof for this very call, once', async () => {
    const token = await boundToken();
    const headers = { authorization: `DPoP ${token}`, dpop: await proof(token) };

    expect(await statusOf(headers)).toBe(200);
    expect(await statusOf(headers)).toBe(401);
  });

  it('of fifty presentations of one proof at once exactly one counts', async () => {
    const token = await boundToken();
    const headers = { authorization: `DPoP ${token}`, dpop: await proof(token) };

    const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(headers)));

    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(49);
  });

  it.each(Object.entries(tricks))('is refused with a proof %s', async (_, make) => {
    const token = await boundToken();

    expect(await statusOf({ authorization: `DPoP ${token}`, dpop: await make(token) })).toBe(401);
  });

  it('is no Bearer token, with or without a proof; an unbound one needs none and takes none', async () => {
    const [bound, unbound] = [await boundToken(), await tokenFor(ADMIN)];

    expect(await statusOf({ authorization: `Bearer ${bound}` })).toBe(401);
    expect(await statusOf({ authorization: `Bearer ${bound}`, dpop: await proof(bound) })).toBe(401);
    expect(await statusOf({ authorization: `DPoP ${bound}` })).toBe(401);
    expect(await statusOf({ authorization: `DPoP ${unbound}`, dpop: await proof(unbound) })).toBe(401);
    expect(await statusOf({ authorization: `Bearer ${unbound}` })).toBe(200);
  });
});

/** A JWT signed by the server's own active key, as each of its makers could have made it. */
async function ourJwt(typ: string, claims: Readonly<Record<string, unknown>>): Promise<string> {
  const { kid, privateJwk } = server.foundation.keyRing.active('EdDSA');
  const { importJWK } = await import('jose');
  const common = { iss: server.issuer, iat: now(), exp: now() + 300, jti: randomUUID(), client_id: client.clientId };
  return new SignJWT({ ...common, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ })
    .sign(await importJWK(privateJwk as JWK, 'EdDSA'));
}

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;

describe('what is no token for this API', () => {
  const artefacts: Readonly<Record<string, () => Promise<string>>> = {
    'a JWT for another resource server with a permission of the same name': () => tokenFor(`${OTHER}/jwt`),
    'an opaque token for another resource server': () => tokenFor(`${OTHER}/opaque`),
    'an ID token for a client that is called like it': () =>
      ourJwt('JWT', { aud: ADMIN, sub: client.clientId, scope: 'users:read' }),
    'a logout token': () => ourJwt('logout+jwt', { aud: ADMIN, sub: client.clientId, events: {}, scope: 'users:read' }),
    'a checkpoint of the audit log': () => ourJwt('doorward-audit-checkpoint+jwt', { aud: ADMIN, scope: 'users:read' }),
    'a JWT without our reference': () => ourJwt('at+jwt', { aud: ADMIN, sub: client.clientId, scope: 'users:read' }),
    'a JWT with the reference of another token': async () =>
      ourJwt('at+jwt', { ...claimsOf(await tokenFor(ADMIN)), jti: randomUUID() }),
    'a JWT of this API with two audiences': async () =>
      ourJwt('at+jwt', { ...claimsOf(await tokenFor(ADMIN)), aud: [ADMIN, OTHER] }),
    'a JWT of this API that has ended': async () =>
      ourJwt('at+jwt', { ...claimsOf(await tokenFor(ADMIN)), exp: now() - 1 }),
    'a JWT of this API of another issuer': async () =>
      ourJwt('at+jwt', { ...claimsOf(await tokenFor(ADMIN)), iss: 'https://evil.example' }),
    'a JWT of this API with another type': async () => ourJwt('logout+jwt', claimsOf(await tokenFor(ADMIN))),
    'a JWT of this API with a changed signature': async () => `${(await tokenFor(ADMIN)).slice(0, -8)}AAAAAAAA`,
    'the secret of the client': async () => client.secret,
    'its id': async () => client.clientId,
  };

  it('a JWT of this API signed anew as it was is one: the tricks below are what is refused', async () => {
    const token = await ourJwt('at+jwt', claimsOf(await tokenFor(ADMIN)));

    expect(await statusOf({ authorization: `Bearer ${token}` })).toBe(200);
  });

  it.each(Object.entries(artefacts))('%s', async (_, make) => {
    expect(await statusOf({ authorization: `Bearer ${await make()}` })).toBe(401);
  });

  it('RFC 6750 §2.1: a token in the query, a cookie, a body, or beside another header opens nothing', async () => {
    const token = await tokenFor(ADMIN);

    expect(await statusOf({}, `${admin}?access_token=${token}`)).toBe(401);
    expect(await statusOf({ cookie: `access_token=${token}` })).toBe(401);
    const form = { method: 'POST', body: new URLSearchParams({ access_token: token }) };
    expect(await statusOf({}, admin, form)).toBe(401);
    for (const scheme of ['Basic', 'Token', 'bearer:', 'Bearer Bearer', ''])
      expect([scheme, await statusOf({ authorization: `${scheme} ${token}` })]).toEqual([scheme, 401]);
  });
});
