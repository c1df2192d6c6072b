import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exportJWK, SignJWT } from 'jose';
import { aProvider, type TestProvider } from '../../support/provider.ts';
import { authorizeUrl, basic, obtainCode, pkce, post, redeem, TestBrowser } from '../../support/provider-browser.ts';
import { addClient, addUser } from '../../support/provider-seed.ts';

/**
 * SECURITY-LESSONS 1: wherever an address to send a browser to comes in, beside the plain authorization request that
 * `test/feature/oidc/authorization` has: only what is byte for byte a registered one is gone to.
 */
const REGISTERED = 'https://rp.example/callback';
const LOGOUT = 'https://rp.example/bye?from=idp';
const secret = 'a-secret';
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
let idp: TestProvider;
let accountId: string;

beforeAll(async () => {
  idp = await aProvider();
  accountId = await addUser(idp, { userName: 'alice' });
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'ES256', use: 'sig' };
  await addClient(idp, {
    clientId: 'web',
    secret,
    metadata: {
      redirect_uris: [REGISTERED],
      post_logout_redirect_uris: [LOGOUT],
      jwks: { keys: [jwk] },
      request_object_signing_alg: 'ES256',
    },
  });
});
afterAll(() => idp.end());

/** One registered address changed in one place, as attackers have changed them. */
const INSERTED = [
  '@',
  '\\',
  '/',
  '//',
  '..;/',
  '%2e',
  '%2f..',
  '%00',
  '#',
  '?',
  '&',
  ';',
  ':',
  '.',
  ' ',
  '\t',
  '*',
  '%',
  '🂡',
  'ⅷ',
  '。',
];
const host = [
  'evil.example',
  'rp.example.evil.example',
  'evil.example@rp.example',
  'rp.example:443',
  'rp.example.',
  'RP.example',
];
const changed = (registered: string): fc.Arbitrary<string> => {
  const insertion = fc
    .tuple(fc.nat(registered.length), fc.constantFrom(...INSERTED))
    .map(([at, text]) => registered.slice(0, at) + text + registered.slice(at));
  const deletion = fc.nat(registered.length - 1).map((at) => registered.slice(0, at) + registered.slice(at + 1));
  const upper = fc.nat(registered.length - 1).map((at) => registered.slice(0, at) + registered.slice(at).toUpperCase());
  const moved = fc.constantFrom(...host).map((name) => registered.replace('rp.example', name));
  const schemes = fc
    .constantFrom('javascript:', 'data:', 'http:', 'HTTPS:', 'https:\\', 'blob:https:', '')
    .map((scheme) => registered.replace('https:', scheme));
  const longer = fc
    .constantFrom('/', '/../evil', '?x=1', '&x=1', '#x', '%20', '/%2e%2e/')
    .map((end) => registered + end);
  return fc.oneof(insertion, deletion, upper, moved, schemes, longer).filter((uri) => uri !== registered);
};

const signed = (claims: object): Promise<string> =>
  new SignJWT({ ...claims, client_id: 'web', iss: 'web', aud: idp.issuer })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(keys.privateKey);

const parameters = (redirectUri: string): Record<string, string> =>
  Object.fromEntries(
    new URL(authorizeUrl(idp, { clientId: 'web', redirect_uri: redirectUri }, pkce().challenge)).searchParams,
  );

/** True when the request was taken, false when it was refused without sending anybody anywhere. */
type Entry = (uri: string) => Promise<boolean>;

async function visited(url: string): Promise<boolean> {
  const { status, location } = await new TestBrowser(idp).visit(url);
  if (location === undefined) {
    expect(status).toBeLessThan(500);
    return false;
  }
  expect(location).toMatch(/^(?:http:\/\/127\.0\.0\.1:\d+)?\/interaction\//);
  return true;
}

const entries: Readonly<Record<string, { readonly registered: string; readonly enter: Entry }>> = {
  'a pushed request (RFC 9126)': {
    registered: REGISTERED,
    enter: async (uri) => {
      const { status } = await post(idp, '/par', parameters(uri), { authorization: basic('web', secret) });
      expect(status).toBeLessThan(500);
      return status === 201;
    },
  },
  'a signed request object (RFC 9101)': {
    registered: REGISTERED,
    enter: async (uri) => {
      const request = await signed(parameters(uri));
      return visited(`/authorize?${new URLSearchParams({ client_id: 'web', scope: 'openid', request })}`);
    },
  },
  'a signed request object, with the registered address beside it': {
    registered: REGISTERED,
    enter: async (uri) => {
      const request = await signed(parameters(uri));
      return visited(`/authorize?${new URLSearchParams({ ...parameters(REGISTERED), request })}`);
    },
  },
  'a request that is to be answered by form_post': {
    registered: REGISTERED,
    enter: (uri) => visited(`/authorize?${new URLSearchParams({ ...parameters(uri), response_mode: 'form_post' })}`),
  },
  'a request that must not show a page': {
    registered: REGISTERED,
    enter: async (uri) => {
      const query = new URLSearchParams({ ...parameters(uri), prompt: 'none' });
      const { status, location } = await new TestBrowser(idp).visit(`/authorize?${query}`);
      expect(status).toBeLessThan(500);
      if (location !== undefined) expect(location.startsWith(`${REGISTERED}?`)).toBe(true);
      return location !== undefined;
    },
  },
  'a logout request (RP-Initiated Logout 1.0 §3)': {
    registered: LOGOUT,
    enter: async (uri) => {
      const query = new URLSearchParams({ client_id: 'web', post_logout_redirect_uri: uri });
      const { status, location, body } = await new TestBrowser(idp).visit(`/logout?${query}`);
      expect([status < 500, location]).toEqual([true, undefined]);
      return status === 200 && !body.includes('class="error"');
    },
  },
  'the redemption of a code (RFC 6749 §4.1.3)': {
    registered: REGISTERED,
    enter: async (uri) => {
      const code = await obtainCode(idp, { clientId: 'web' }, { accountId });
      const { status } = await redeem(idp, code, basic('web', secret), { redirect_uri: uri });
      expect(status).toBeLessThan(500);
      return status === 200;
    },
  },
};

describe.each(Object.entries(entries))('%s', (_, { registered, enter }) => {
  it('takes the registered address', async () => {
    expect(await enter(registered)).toBe(true);
  });

  it('property: takes no other', async () => {
    await fc.assert(
      fc.asyncProperty(changed(registered), async (uri) => {
        expect([uri, await enter(uri)]).toEqual([uri, false]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
