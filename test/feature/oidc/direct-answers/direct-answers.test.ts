import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, redeem } from '../../../support/provider-browser.ts';
import { addClient, addResourceServer, addSecret, addUser, allow } from '../../../support/provider-seed.ts';
import { compare, type Request, send } from './compare.ts';

// Some tests here make hundreds of requests, on machines that are busy as well.
jest.setTimeout(120_000);

/*
 * Plain requests are answered without the library. Each case here is sent twice: as it is, and with an Accept header that makes
 * it uncommon, so that the library answers. Status, headers, body and audit event must be the same; only what is random differs.
 */
const ORDERS = 'https://orders.example';
const STOCK = 'https://stock.example';
const LEGACY = 'urn:legacy';
let idp: TestProvider;
let alice: string;

const service = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };

beforeAll(async () => {
  idp = await aProvider();
  await addResourceServer(idp, { identifier: ORDERS, format: 'jwt', permissions: ['orders:read', 'orders:write'] });
  await addResourceServer(idp, { identifier: STOCK, format: 'opaque', permissions: ['stock:read', 'shared:read'] });
  await addResourceServer(idp, {
    ...{ identifier: LEGACY, format: 'jwt', accessTokenType: 'JWT', signingAlg: 'RS256' },
    permissions: ['old:read', 'shared:read'],
  });
  const kinds: Readonly<Record<string, Record<string, unknown>>> = {
    plain: {},
    posting: { token_endpoint_auth_method: 'client_secret_post' },
    scoped: { scope: 'stock:read' },
    bound: { dpop_bound_access_tokens: true },
    other: { grant_types: ['authorization_code'], response_types: ['code'], redirect_uris: ['https://rp.example/cb'] },
    granted_nothing: {},
    disabled: {},
  };
  for (const [clientId, metadata] of Object.entries(kinds)) {
    await addClient(idp, { clientId, secret: `${clientId} secret%`, metadata: { ...service, ...metadata } });
    if (clientId === 'granted_nothing') continue;
    await allow(idp, { subject: { clientId }, resource: ORDERS, values: ['orders:read'] });
    await allow(idp, { subject: { clientId }, resource: STOCK, values: ['stock:read', 'shared:read'] });
    await allow(idp, { subject: { clientId }, resource: LEGACY, values: ['old:read'] });
  }
  await idp.pool.query(`UPDATE clients SET enabled = false WHERE client_id = 'disabled'`);
  await addClient(idp, { clientId: STOCK, secret: 'stock-secret', metadata: service });
  await addSecret(idp, { clientId: 'plain', secret: 'newer', expiresAt: new Date(Date.now() + 60_000) });
  await addSecret(idp, { clientId: 'plain', secret: 'older', expiresAt: new Date(Date.now() - 1) });
  await addClient(idp, { clientId: 'web', secret: 'web-secret' });
  await addClient(idp, {
    clientId: 'signed',
    secret: 'web-secret',
    metadata: { userinfo_signed_response_alg: 'RS256' },
  });
  alice = await addUser(idp, { userName: 'alice', email: 'alice@example.com', emailVerified: true });
  await allow(idp, { subject: { userId: alice }, resource: STOCK, values: ['stock:read'] });
});

afterAll(() => idp.end());

const both = (request: Request) => compare(idp, () => request);

const token = (body: string, clientId = 'plain', secret = `${clientId} secret%`): Request => ({
  path: '/token',
  body,
  headers: { authorization: basic(clientId, secret) },
});

describe('client credentials (RFC 6749 §4.4)', () => {
  const forms = {
    'an opaque token': 'grant_type=client_credentials&scope=stock:read&resource=https://stock.example',
    'a JWT': 'grant_type=client_credentials&scope=orders%3Aread&resource=https%3A%2F%2Forders.example',
    'a JWT of the older type, signed with RSA': 'grant_type=client_credentials&resource=urn:legacy',
    'everything granted at a resource server': `grant_type=client_credentials&resource=${STOCK}`,
    'the owner of the scope': 'grant_type=client_credentials&scope=orders:read',
    'several scopes': `grant_type=client_credentials&scope=stock:read+shared:read&resource=${STOCK}`,
    'a scope that is not granted': `grant_type=client_credentials&scope=orders:read+orders:write&resource=${ORDERS}`,
  };
  const others = {
    'nothing but the grant type': 'grant_type=client_credentials',
    'a scope of two resource servers': 'grant_type=client_credentials&scope=shared:read',
    'scopes of two resource servers': 'grant_type=client_credentials&scope=orders:read+stock:read',
    'an unknown scope': `grant_type=client_credentials&scope=nothing&resource=${STOCK}`,
    'a standard scope': `grant_type=client_credentials&scope=openid+stock:read&resource=${STOCK}`,
    'only what is not granted': `grant_type=client_credentials&scope=orders:write&resource=${ORDERS}`,
    'an unknown resource': 'grant_type=client_credentials&scope=stock:read&resource=https://nowhere.example',
    'a relative resource': 'grant_type=client_credentials&resource=stock',
    'two resources': `grant_type=client_credentials&resource=${STOCK}&resource=${ORDERS}`,
    'a parameter twice': 'grant_type=client_credentials&scope=stock:read&scope=stock:read',
    'an empty scope': `grant_type=client_credentials&scope=&resource=${STOCK}`,
    'spaces in the scope': `grant_type=client_credentials&scope=stock:read++shared:read&resource=${STOCK}`,
    'characters no scope has': `grant_type=client_credentials&scope=st%22ock&resource=${STOCK}`,
    'a NUL': `grant_type=client_credentials&scope=stock%00&resource=${STOCK}`,
    'broken percent-encoding': `grant_type=client_credentials&scope=%E0%A4%A&resource=${STOCK}`,
    'an unknown grant type': 'grant_type=password&username=a&password=b',
    'no grant type': 'scope=stock:read',
    'nothing at all': '',
    'a client_id beside': `grant_type=client_credentials&client_id=plain&resource=${STOCK}`,
    'another client_id beside': `grant_type=client_credentials&client_id=web&resource=${STOCK}`,
    'a secret beside': `grant_type=client_credentials&client_secret=x&resource=${STOCK}`,
    'an unknown parameter': `grant_type=client_credentials&unknown=1&resource=${STOCK}`,
  };

  it.each(Object.entries(forms))('%s is issued directly, as the library issues it', async (_name, form) => {
    const answer = await both(token(form));

    expect(answer).toMatchObject({ isDirect: true, status: 200, audit: [{ type: 'tokens.issued' }] });
  });

  it.each(Object.entries(others))('%s is left to the library', async (_name, form) => {
    expect((await both(token(form))).isDirect).toBe(false);
  });

  const callers: readonly (readonly [string, string, string, boolean])[] = [
    ['the newer of two secrets', 'plain', 'newer', true],
    ['a client that is registered for client_secret_post', 'posting', 'posting secret%', true],
    ['a secret that has expired', 'plain', 'older', false],
    ['a wrong secret', 'plain', 'wrong', false],
    ['an empty secret', 'plain', '', false],
    ['an unknown client', 'nobody', 'wrong', false],
    ['a client that registered a scope', 'scoped', 'scoped secret%', false],
    ['a client whose tokens are bound to a key', 'bound', 'bound secret%', false],
    ['a client without this grant type', 'other', 'other secret%', false],
    ['a client that was granted nothing', 'granted_nothing', 'granted_nothing secret%', false],
    ['a disabled client', 'disabled', 'disabled secret%', false],
  ];
  it.each(callers)('%s', async (_name, clientId, secret, isDirect) => {
    for (const form of Object.values(forms))
      expect((await both(token(form, clientId, secret))).isDirect).toBe(isDirect);
  });

  it.each([
    ['a proof of possession', { dpop: 'x' }],
    ['an origin', { origin: 'https://rp.example' }],
    ['a body of another type', { 'content-type': 'application/json' }],
    ['a bearer token for credentials', { authorization: 'Bearer x' }],
    ['credentials that are not Base64', { authorization: 'Basic ***' }],
    ['no credentials', { authorization: '' }],
  ])('%s is left to the library', async (_name, headers) => {
    const request = token(forms['an opaque token']);

    expect((await both({ ...request, headers: { ...request.headers, ...headers } })).isDirect).toBe(false);
  });

  it('any other body gets the same answer from both (SECURITY-LESSONS 37)', async () => {
    const name = fc.constantFrom('grant_type', 'scope', 'resource', 'client_id', 'client_secret', 'x');
    const value = fc.oneof(
      fc.constantFrom('client_credentials', 'stock:read', 'orders:read', STOCK, ORDERS, 'plain', '%00', '%ff', '+', ''),
      fc.string({ maxLength: 12 }),
    );
    const body = fc
      .array(fc.tuple(name, value), { maxLength: 5 })
      .map((pairs) => pairs.map((one) => one.join('=')).join('&'));

    await fc.assert(
      fc.asyncProperty(body, async (text) => void (await both(token(text)))),
      { numRuns: 150 },
    );
  });

  it('a body in pieces is answered by the library', async () => {
    const body = forms['an opaque token'];
    const head = `POST /token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${basic('plain', 'plain secret%')}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`;
    const { port } = new URL(idp.address);
    const socket = connect({ host: '127.0.0.1', port: Number(port), noDelay: true });
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    const answered = new Promise((done) => socket.once('close', done));

    const before = idp.directAnswers();
    for (const piece of [head + body.slice(0, 5), body.slice(5, 20), body.slice(20)]) {
      socket.write(piece);
      await new Promise((done) => setImmediate(() => setImmediate(done)));
    }
    await answered;

    expect(text).toContain('HTTP/1.1 200');
    expect(text).toContain('"access_token"');
    expect(idp.directAnswers()).toBe(before);
  });
});

async function personToken(scope: string, clientId = 'web'): Promise<string> {
  const signedIn = await obtainCode(idp, { clientId, scope }, { accountId: alice });
  return String((await redeem(idp, signedIn, basic(clientId, 'web-secret'))).body.access_token);
}

async function serviceToken(resource: string): Promise<string> {
  const { body, headers } = token(`grant_type=client_credentials&resource=${resource}`);
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(`${idp.address}/token`, {
    method: 'POST',
    body: body ?? '',
    headers: { ...headers, ...type },
  });
  return String(((await answer.json()) as { access_token: string }).access_token);
}

const forget = (): void => idp.changes.applyLocally({ topic: 'users', key: '*' });

/** What ends a person's token, and how it is taken back. */
const endings: readonly (readonly [string, string, string | undefined])[] = [
  [
    'their account is inactive',
    `UPDATE users SET status = 'inactive' WHERE id = $1`,
    `UPDATE users SET status = 'active' WHERE id = $1`,
  ],
  ['its grant is gone', `DELETE FROM provider_records WHERE model = 'Grant' AND account_id = $1`, undefined],
  [
    'its session ended',
    `UPDATE provider_records SET ended_at = now() WHERE model = 'Session' AND account_id = $1`,
    undefined,
  ],
  ['it was revoked', `DELETE FROM provider_records WHERE model = 'AccessToken' AND account_id = $1`, undefined],
  [
    'it has expired',
    `UPDATE provider_records SET payload = regexp_replace(payload, '"exp":\\d+', '"exp":1000') WHERE model = 'AccessToken' AND account_id = $1`,
    undefined,
  ],
];

describe('introspection (RFC 7662)', () => {
  const introspect = (value: string, authorization: string, more = ''): Request => ({
    path: '/introspect',
    body: `token=${value}${more}`,
    headers: { authorization },
  });
  const plain = basic('plain', 'plain secret%');
  const web = basic('web', 'web-secret');

  it('an active opaque token is answered directly, for its client and for its resource server', async () => {
    const value = await serviceToken(STOCK);

    expect(await both(introspect(value, plain))).toMatchObject({ isDirect: true, body: { active: true } });
    expect(await both(introspect(value, plain, '&token_type_hint=access_token'))).toMatchObject({ isDirect: true });
    expect(await both(introspect(value, basic(STOCK, 'stock-secret')))).toMatchObject({ isDirect: true });
    expect(await both(introspect(await personToken('openid email'), web))).toMatchObject({ isDirect: true });
  });

  it('whatever is not active, or not opaque, is left to the library', async () => {
    const opaque = await serviceToken(STOCK);
    const cases = [
      introspect(opaque, web),
      introspect(opaque, basic('plain', 'wrong')),
      introspect(opaque, plain, '&unknown=1'),
      introspect(`${opaque}x`, plain),
      introspect('', plain),
      introspect(await serviceToken(ORDERS), plain),
    ];

    for (const one of cases) expect((await both(one)).isDirect).toBe(false);
  });

  it.each(endings)('a token is not active when %s', async (_name, end, undo) => {
    const value = await personToken('openid email');

    await idp.pool.query(end, [alice]);
    forget();

    expect(await both(introspect(value, web))).toMatchObject({ isDirect: false, body: { active: false } });
    if (undo !== undefined) await idp.pool.query(undo, [alice]);
    forget();
  });
});

describe('userinfo (OpenID Connect Core §5.3)', () => {
  const userinfo = (value: string): Request => ({ path: '/userinfo', headers: { authorization: `Bearer ${value}` } });

  it.each(['openid', 'openid profile email', 'openid phone address', 'openid roles groups permissions'])(
    '%s is answered directly',
    async (scope) => {
      expect(await both(userinfo(await personToken(scope)))).toMatchObject({ isDirect: true, body: { sub: alice } });
    },
  );

  it('a signed answer, a token for a resource server and nonsense are left to the library', async () => {
    const values = [await personToken('openid', 'signed'), await serviceToken(STOCK), 'nonsense-nonsense-nonsense', ''];

    for (const value of values) {
      const before = idp.directAnswers();
      const { answer } = await send(idp, userinfo(value), '*/*');
      expect([answer.status, idp.directAnswers()]).toEqual([value === values[0] ? 200 : expect.any(Number), before]);
    }
  });

  it.each(endings)('refused when %s', async (_name, end, undo) => {
    const value = await personToken('openid email');

    await idp.pool.query(end, [alice]);
    forget();

    expect(await both(userinfo(value))).toMatchObject({ isDirect: false, status: 401 });
    if (undo !== undefined) await idp.pool.query(undo, [alice]);
    forget();
  });
});
