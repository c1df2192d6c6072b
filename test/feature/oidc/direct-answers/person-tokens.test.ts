import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compactVerify, createRemoteJWKSet } from 'jose';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, type SignedIn } from '../../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../../support/provider-seed.ts';
import { compare, type Request, send, UNCOMMON } from './compare.ts';

/* Codes and refresh tokens redeemed directly and by the library: the same answers, and the same records left behind. */
const API = 'https://api.example';
let idp: TestProvider;
let alice: string;

const clients: Readonly<Record<string, Parameters<typeof addClient>[1]>> = {
  web: { clientId: 'web', secret: 'web-secret' },
  es256: { clientId: 'es256', secret: 'web-secret', metadata: { id_token_signed_response_alg: 'ES256' } },
  eddsa: { clientId: 'eddsa', secret: 'web-secret', metadata: { id_token_signed_response_alg: 'EdDSA' } },
  third: { clientId: 'third', secret: 'web-secret', firstParty: false },
  codeOnly: { clientId: 'codeOnly', secret: 'web-secret', metadata: { grant_types: ['authorization_code'] } },
  claims: { clientId: 'claims', secret: 'web-secret', claimsInIdToken: true },
  bound: { clientId: 'bound', secret: 'web-secret', metadata: { dpop_bound_access_tokens: true } },
  pairwise: {
    clientId: 'pairwise',
    secret: 'web-secret',
    metadata: { subject_type: 'public', require_auth_time: true },
  },
};

beforeAll(async () => {
  idp = await aProvider();
  await addResourceServer(idp, { identifier: API, format: 'jwt', permissions: ['orders:read'] });
  for (const client of Object.values(clients)) await addClient(idp, client);
  alice = await addUser(idp, { userName: 'alice', email: 'alice@example.com', emailVerified: true });
  await allow(idp, { subject: { userId: alice }, resource: API, values: ['orders:read'] });
});

afterAll(() => idp.end());

type Wanted = { readonly clientId?: string; readonly scope?: string; readonly more?: Readonly<Record<string, string>> };

const signedIn = ({ clientId = 'web', scope = 'openid', more = {} }: Wanted = {}): Promise<SignedIn> =>
  obtainCode(idp, { clientId, scope, ...more }, { accountId: alice });

function tokenRequest(form: Readonly<Record<string, string>>, clientId = 'web', secret = 'web-secret'): Request {
  const body = new URLSearchParams(form).toString();
  return { path: '/token', body, headers: { authorization: basic(clientId, secret) } };
}

const redemption = ({ code, verifier }: SignedIn, changed: Readonly<Record<string, string>> = {}) => ({
  grant_type: 'authorization_code',
  ...{ code, code_verifier: verifier, redirect_uri: 'https://rp.example/callback' },
  ...changed,
});

/** What a token left in the store, with what is random blotted out. */
async function recordsOf(token: unknown): Promise<unknown> {
  const { rows } = await idp.pool.query<{ model: string; payload: string }>(
    `SELECT model, payload, account_id, client_id, grant_id IS NOT NULL AS has_grant, session_uid IS NOT NULL AS has_session,
       expires_at - to_timestamp((payload::json->>'iat')::float8) < interval '31 days' AS ends
     FROM provider_records WHERE id = sha256(convert_to($1, 'UTF8'))`,
    [String(token)],
  );
  return rows.map(({ payload, ...columns }) => {
    const fields: Record<string, unknown> = JSON.parse(payload);
    for (const name of ['grantId', 'sessionUid', 'sid']) if (name in fields) fields[name] = typeof fields[name];
    for (const name of ['iat', 'exp', 'iiat', 'authTime']) if (name in fields) fields[name] = typeof fields[name];
    return { ...columns, fields };
  });
}

describe('a code (RFC 6749 §4.1.3)', () => {
  const plain: readonly (readonly [string, Wanted])[] = [
    ['openid alone', {}],
    ['all standard scopes', { scope: 'openid profile email phone address roles groups permissions' }],
    ['offline_access', { scope: 'openid offline_access' }],
    ['a nonce', { more: { nonce: 'a nonce' } }],
    ['a permission beside openid', { scope: 'openid orders:read' }],
    ['a resource beside openid', { scope: 'openid orders:read', more: { resource: API } }],
    ['an ID token by ES256', { clientId: 'es256', scope: 'openid email' }],
    ['an ID token by EdDSA', { clientId: 'eddsa' }],
    ['a client that needs consent', { clientId: 'third', scope: 'openid profile' }],
    ['a client without refresh tokens', { clientId: 'codeOnly' }],
  ];

  it.each(plain)('%s: redeemed directly, as the library redeems it', async (_name, wanted) => {
    const answer = await compare(idp, async () => tokenRequest(redemption(await signedIn(wanted)), wanted.clientId));

    expect(answer).toMatchObject({ isDirect: true, status: 200 });
    for (const name of ['access_token', 'refresh_token'])
      expect(await recordsOf(answer.plain[name])).toEqual(await recordsOf(answer.library[name]));
    const jwks = createRemoteJWKSet(new URL('/jwks', idp.address));
    await expect(compactVerify(String(answer.plain.id_token), jwks)).resolves.toBeDefined();
  });

  const refused: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'another verifier': { code_verifier: 'x'.repeat(43) },
    'a verifier that is too short': { code_verifier: 'x' },
    'no verifier': { code_verifier: '' },
    'another redirect URI': { redirect_uri: 'https://rp.example/other' },
    'no redirect URI': { redirect_uri: '' },
    'a code nobody gave': { code: 'x'.repeat(43) },
    'a refresh token for a code': { grant_type: 'refresh_token' },
    'a resource': { resource: API },
    'an unknown parameter': { unknown: 'x' },
  };
  it.each(Object.entries(refused))('%s is left to the library', async (_name, changed) => {
    const request = async () => tokenRequest(redemption(await signedIn(), changed));

    expect((await compare(idp, request)).isDirect).toBe(false);
  });

  it.each([
    ['a client whose ID tokens hold claims', { clientId: 'claims' }],
    ['claims that were asked for by themselves', { more: { claims: '{"id_token":{"email":null}}' } }],
    ['an authentication time that was asked for', { more: { max_age: '600' } }],
    ['no openid', { scope: 'orders:read', more: { resource: API } }],
  ] satisfies readonly (readonly [string, Wanted])[])('%s is left to the library', async (_name, wanted: Wanted) => {
    const request = async () => tokenRequest(redemption(await signedIn(wanted)), wanted.clientId);

    expect(await compare(idp, request)).toMatchObject({ isDirect: false, status: 200 });
  });

  it.each([
    ['another client', 'es256', 'web-secret'],
    ['a wrong secret', 'web', 'wrong'],
  ])('%s is refused by the library', async (_name, clientId, secret) => {
    const request = async () => tokenRequest(redemption(await signedIn()), clientId, secret);

    expect((await compare(idp, request)).isDirect).toBe(false);
  });

  it('RFC 6749 §4.1.2: a code redeemed directly and presented again ends its grant', async () => {
    const source = await signedIn();
    const first = await send(idp, tokenRequest(redemption(source)), '*/*');
    const second = await send(idp, tokenRequest(redemption(source)), '*/*');

    expect([first.answer.status, second.answer.status]).toEqual([200, 400]);
    expect(second.raw).toMatchObject({ error: 'invalid_grant' });
    expect(await recordsOf(first.raw.access_token)).toEqual([]);
  });

  it('SECURITY-LESSONS 10: of fifty at once, half of them to the library, one succeeds and its grant ends', async () => {
    const source = await signedIn();
    const request = tokenRequest(redemption(source));

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => send(idp, request, index % 2 === 0 ? '*/*' : UNCOMMON)),
    );

    const granted = answers.filter(({ answer }) => answer.status === 200);
    expect(granted.length).toBe(1);
    expect(answers.filter(({ raw }) => raw.error === 'invalid_grant').length).toBe(49);
  });
});

const refresh = (token: unknown) => ({ grant_type: 'refresh_token', refresh_token: String(token) });

async function refreshToken(wanted: Wanted = {}): Promise<unknown> {
  const request = tokenRequest(redemption(await signedIn(wanted)), wanted.clientId);
  return (await send(idp, request, UNCOMMON)).raw.refresh_token;
}

describe('a refresh token (RFC 6749 §6)', () => {
  it.each([
    ['bound to the session', {}],
    ['offline', { scope: 'openid profile offline_access' }],
    ['with an ID token by ES256', { clientId: 'es256' }],
  ] satisfies readonly (readonly [string, Wanted])[])(
    '%s: refreshed directly, twice over',
    async (_name, wanted: Wanted) => {
      const answer = await compare(idp, async () => tokenRequest(refresh(await refreshToken(wanted)), wanted.clientId));
      const [direct, library] = [answer.plain.refresh_token, answer.library.refresh_token];
      const again = await send(idp, tokenRequest(refresh(library), wanted.clientId), '*/*');
      const other = await send(idp, tokenRequest(refresh(direct), wanted.clientId), UNCOMMON);

      expect(answer).toMatchObject({ isDirect: true, status: 200 });
      expect(again.answer).toEqual(other.answer);
      expect(await recordsOf(again.raw.refresh_token)).toEqual(await recordsOf(other.raw.refresh_token));
      expect(await recordsOf(again.raw.access_token)).toEqual(await recordsOf(other.raw.access_token));
    },
  );

  it('within the grace both ways give the same successor', async () => {
    const token = await refreshToken();

    const [first, second, third] = [
      await send(idp, tokenRequest(refresh(token)), '*/*'),
      await send(idp, tokenRequest(refresh(token)), UNCOMMON),
      await send(idp, tokenRequest(refresh(token)), '*/*'),
    ];

    expect([first, second, third].map(({ answer }) => answer.status)).toEqual([200, 200, 200]);
    expect(new Set([first, second, third].map(({ raw }) => raw.refresh_token)).size).toBe(1);
  });

  it('RFC 9700 §4.14.2: presented after its successor was used, the whole grant ends', async () => {
    const token = await refreshToken();
    const next = (await send(idp, tokenRequest(refresh(token)), '*/*')).raw.refresh_token;
    const last = await send(idp, tokenRequest(refresh(next)), '*/*');

    const reused = await send(idp, tokenRequest(refresh(token)), '*/*');

    expect([last.answer.status, reused.answer.status]).toEqual([200, 400]);
    expect((await send(idp, tokenRequest(refresh(last.raw.refresh_token)), '*/*')).answer.status).toBe(400);
  });

  it('of fifty at once, half of them to the library, all that succeed get one successor', async () => {
    const request = tokenRequest(refresh(await refreshToken()));

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => send(idp, request, index % 2 === 0 ? '*/*' : UNCOMMON)),
    );

    const successors = new Set(
      answers.filter(({ answer }) => answer.status === 200).map(({ raw }) => raw.refresh_token),
    );
    expect(successors.size).toBe(1);
  });

  it.each([
    ['a narrower scope', { scope: 'openid' }],
    ['a resource', { resource: API }],
    ['an unknown parameter', { unknown: 'x' }],
  ])('%s is left to the library', async (_name, more) => {
    const request = async () =>
      tokenRequest({ ...refresh(await refreshToken({ scope: 'openid profile orders:read' })), ...more });

    expect((await compare(idp, request)).isDirect).toBe(false);
  });

  it.each([
    [
      'the account is inactive',
      `UPDATE users SET status = 'inactive' WHERE id = $1`,
      `UPDATE users SET status = 'active' WHERE id = $1`,
    ],
    [
      'access was ended since',
      `UPDATE users SET access_valid_from = now() + interval '2 s' WHERE id = $1`,
      `UPDATE users SET access_valid_from = NULL WHERE id = $1`,
    ],
    ['its grant is gone', `DELETE FROM provider_records WHERE model = 'Grant' AND account_id = $1`, undefined],
    [
      'its session ended',
      `UPDATE provider_records SET ended_at = now() WHERE model = 'Session' AND account_id = $1`,
      undefined,
    ],
    ['it was revoked', `DELETE FROM provider_records WHERE model = 'RefreshToken' AND account_id = $1`, undefined],
  ])('refused when %s', async (_name, end, undo) => {
    const tokens = [await refreshToken(), await refreshToken()];
    await idp.pool.query(end, [alice]);
    idp.changes.applyLocally({ topic: 'users', key: '*' });

    const answer = await compare(idp, () => tokenRequest(refresh(tokens.shift())));

    expect(answer).toMatchObject({ isDirect: false, status: 400 });
    if (undo !== undefined) await idp.pool.query(undo, [alice]);
    idp.changes.applyLocally({ topic: 'users', key: '*' });
  });
});
