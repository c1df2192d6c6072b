import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { authorizeUrl, pkce, TestBrowser } from '../../../support/provider-browser.ts';
import { addClient, addUser } from '../../../support/provider-seed.ts';

const REGISTERED = ['https://rp.example/callback', 'https://rp.example/other?fixed=1'];
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addClient(idp, { clientId: 'web', secret: 'web-secret', metadata: { redirect_uris: REGISTERED } });
  await addClient(idp, {
    clientId: 'native',
    metadata: { application_type: 'native', redirect_uris: ['http://127.0.0.1/cb', 'com.example.app:/cb'] },
  });
  alice = await addUser(idp, { userName: 'alice' });
});

afterAll(() => idp.end());

/** Where an authorization request ends for someone who signs in and consents to everything. */
async function destination(redirectUri: string, clientId = 'web', query = ''): Promise<string | undefined> {
  const url = authorizeUrl(idp, { clientId, redirect_uri: redirectUri }, pkce().challenge);
  const { location, status } = await new TestBrowser(idp).follow(`${url}${query}`, {
    accountId: alice,
    decision: 'approve',
  });
  expect(status).toBeLessThan(500);
  return location;
}

const tricks = [
  'https://rp.example/callback/',
  'https://rp.example/callback?x=1',
  'https://rp.example/callback#fragment',
  'https://rp.example/Callback',
  'https://RP.example/callback',
  'HTTPS://rp.example/callback',
  'https://rp.example:443/callback',
  'https://rp.example./callback',
  'https://rp.example@evil.example/callback',
  'https://evil.example\\@rp.example/callback',
  'https://rp.example\\.evil.example/callback',
  'https://rp.example/callback/../other',
  'https://rp.example/callback/..;/evil',
  'https://rp.example/%63allback',
  'https://rp.example/callback%2e%2e',
  'https://rp.example/callback%00',
  'https://rp.example/callback\n',
  ' https://rp.example/callback',
  '//rp.example/callback',
  'javascript:alert(1)//https://rp.example/callback',
  'data:text/html,https://rp.example/callback',
  'https://xn--rp-example.example/callback',
  'https://ｒｐ.example/callback',
  'http://rp.example/callback',
  'https://rp.example/other',
  'https://rp.example/other?fixed=2',
  'http://[::1]/callback',
];

describe('SECURITY-LESSONS 1: redirect_uri', () => {
  it.each(REGISTERED)('%s is where the code goes', async (uri) => {
    expect(await destination(uri)).toMatch(new RegExp(`^${uri.replace(/[.?]/g, '\\$&')}[?&]code=`));
  });

  it.each(tricks)('%j is refused on a page of ours, with no redirect', async (uri) => {
    expect(await destination(uri)).toBeUndefined();
  });

  it('RFC 6749 §3.1: a parameter that is sent twice is refused, and nothing goes to either', async () => {
    expect(await destination(REGISTERED[0] ?? '', 'web', '&redirect_uri=https%3A%2F%2Fevil.example')).toBeUndefined();
  });

  it('property: accepted means byte-equal to a registered value', async () => {
    const near = fc
      .constantFrom(...REGISTERED)
      .chain((uri) =>
        fc
          .tuple(fc.nat(uri.length), fc.nat(2), fc.string({ minLength: 0, maxLength: 4 }))
          .map(([at, cut, text]) => uri.slice(0, at) + text + uri.slice(at + cut)),
      );

    await fc.assert(
      fc.asyncProperty(fc.oneof(near, fc.webUrl(), fc.string()), async (uri) => {
        fc.pre(uri !== '');
        const isAccepted = (await destination(uri)) !== undefined;
        expect(isAccepted).toBe(REGISTERED.includes(uri));
      }),
      { numRuns: 150 },
    );
  });

  it('RFC 8252 §7.3: only the port of a loopback redirect is free', async () => {
    expect(await destination('http://127.0.0.1:5000/cb', 'native')).toMatch(/^http:\/\/127\.0\.0\.1:5000\/cb\?/);
    expect(await destination('com.example.app:/cb', 'native')).toMatch(/^com\.example\.app:\/cb\?/);
    for (const uri of [
      'http://127.0.0.1:5000/other',
      'http://localhost:5000/cb',
      'http://127.0.0.2/cb',
      'https://127.0.0.1/cb',
      'com.example.app:/other',
    ])
      expect(await destination(uri, 'native')).toBeUndefined();
  });

  it('an administrator finds by the request id which redirect URI was sent and which are registered', async () => {
    const url = authorizeUrl(idp, { clientId: 'web', redirect_uri: 'https://wrong.example/cb' }, pkce().challenge);
    await new TestBrowser(idp).visit(url, {}, { headers: { 'x-request-id': 'a-request' } });

    const { rows } = await idp.pool.query(
      `SELECT type, outcome, reason, details FROM audit_events WHERE request_id = 'a-request'`,
    );
    expect(rows).toEqual([
      expect.objectContaining({
        type: 'authorizations.refused',
        outcome: 'refused',
        reason: 'invalid_redirect_uri',
        details: expect.objectContaining({
          redirectUri: 'https://wrong.example/cb',
          registeredRedirectUris: REGISTERED,
        }),
      }),
    ]);
  });
});

describe('PKCE (RFC 7636, OAuth 2.1)', () => {
  it('a request without code_challenge is refused, and so is plain', async () => {
    const browser = new TestBrowser(idp);
    const without = await browser.visit(authorizeUrl(idp, { clientId: 'web' }));
    const plain = await browser.visit(
      authorizeUrl(idp, { clientId: 'web', code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }),
    );

    for (const { location = '' } of [without, plain])
      expect(new URL(location).searchParams.get('error')).toBe('invalid_request');
  });

  it('require_pkce=false counts for a confidential client alone', async () => {
    await addClient(idp, { clientId: 'legacy', secret: 'a-secret', requirePkce: false });
    await addClient(idp, { clientId: 'public-legacy', requirePkce: false });
    const browser = new TestBrowser(idp);

    expect((await browser.visit(authorizeUrl(idp, { clientId: 'legacy' }))).location).toContain('/interaction/');
    const { location = '' } = await browser.visit(authorizeUrl(idp, { clientId: 'public-legacy' }));
    expect(new URL(location).searchParams.get('error')).toBe('invalid_request');
  });
});
