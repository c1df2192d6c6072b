import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, post, redeem } from '../../../support/provider-browser.ts';
import { addClient, addUser } from '../../../support/provider-seed.ts';

const SPA = 'https://spa.example';
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addClient(idp, { clientId: 'spa', metadata: { redirect_uris: [`${SPA}/callback`] } });
  await addClient(idp, { clientId: 'listed', secret: 'listed-secret', allowedCorsOrigins: ['https://app.example'] });
  await addClient(idp, {
    clientId: 'web',
    secret: 'web-secret',
    metadata: { redirect_uris: ['https://web.example/callback'] },
  });
  alice = await addUser(idp, { userName: 'alice' });
});

afterAll(() => idp.end());

const allowed = (response: Response): string | null => response.headers.get('access-control-allow-origin');
const tokenAs = async (form: Record<string, string>, origin: string, authorization?: string) =>
  post(
    idp,
    '/token',
    { grant_type: 'refresh_token', refresh_token: 'none', ...form },
    { origin, ...(authorization ? { authorization } : {}) },
  );

describe('SECURITY-LESSONS 31: which origins may read an answer', () => {
  it.each([
    ['its own origin', SPA, SPA],
    ['another origin', 'https://evil.example', null],
    ['an opaque origin', 'null', null],
    ['a look-alike', 'https://spa.example.evil.example', null],
    ['another scheme', 'http://spa.example', null],
    ['another port', 'https://spa.example:8443', null],
  ])('a public client at the token endpoint from %s', async (_, origin, expected) => {
    expect(allowed((await tokenAs({ client_id: 'spa' }, origin)).response)).toBe(expected);
  });

  it('a confidential client: only from origins it lists, and only when it is authenticated', async () => {
    const listed = basic('listed', 'listed-secret');

    expect(allowed((await tokenAs({}, 'https://app.example', listed)).response)).toBe('https://app.example');
    expect(allowed((await tokenAs({}, 'https://rp.example', listed)).response)).toBeNull();
    expect(allowed((await tokenAs({}, 'https://app.example', basic('listed', 'wrong'))).response)).toBeNull();
    expect(allowed((await tokenAs({}, 'https://web.example', basic('web', 'web-secret'))).response)).toBeNull();
  });

  it('before a client is known no origin is answered', async () => {
    expect(allowed((await tokenAs({ client_id: 'nobody' }, SPA)).response)).toBeNull();
    expect(allowed((await tokenAs({}, SPA)).response)).toBeNull();
    expect(
      allowed(await fetch(`${idp.issuer}/userinfo`, { headers: { origin: SPA, authorization: 'Bearer nothing' } })),
    ).toBeNull();
  });

  it('userinfo answers the origins of the client the token was issued to', async () => {
    const redirect = { redirect_uri: `${SPA}/callback` };
    const signedIn = await obtainCode(idp, { clientId: 'spa', ...redirect }, { accountId: alice });
    const { body } = await redeem(idp, signedIn, '', { client_id: 'spa', ...redirect });
    const userinfo = (origin: string) =>
      fetch(`${idp.issuer}/userinfo`, { headers: { origin, authorization: `Bearer ${body.access_token}` } });

    expect(allowed(await userinfo(SPA))).toBe(SPA);
    expect((await userinfo(SPA)).headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
    expect(allowed(await userinfo('https://evil.example'))).toBeNull();
    expect(allowed(await userinfo('null'))).toBeNull();
  });

  it('a preflight allows the DPoP header, not an opaque origin', async () => {
    const preflight = (origin: string) =>
      fetch(`${idp.issuer}/token`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'dpop,authorization',
        },
      });

    const response = await preflight(SPA);
    expect(response.headers.get('access-control-allow-headers')).toContain('dpop');
    expect(allowed(response)).toBe(SPA);
    expect(allowed(await preflight('null'))).toBeNull();
  });
});
