import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, UnsecuredJWT } from 'jose';
import { type Answer, formWith } from '../../support/user-agent.ts';
import { aRequest, Browser, defined, errorOf, type Parameters, type Run, random, run } from './a-flow.ts';
import { afterLogout, aProviderUnderTest, clients, type ProviderUnderTest, suite } from './an-op.ts';

let op: ProviderUnderTest;

beforeAll(async () => {
  op = await aProviderUnderTest();
}, 60_000);

afterAll(async () => {
  await op?.server.stop();
});

type LoggedIn = { readonly browser: Browser; readonly first: Run; readonly state: string };

/** RP-Initiated Logout 1.0 in the browser of someone who is signed in. */
async function signedIn(): Promise<LoggedIn> {
  const browser = new Browser(op);
  const state = random(128);
  const first = await run(op, browser, clients.first, aRequest(clients.first, 'default'));
  return { browser, first, state };
}

function askToEnd({ browser }: LoggedIn, parameters: Parameters): Promise<Answer> {
  const query = new URLSearchParams(defined(parameters)).toString();
  return browser.agent.visit(`${op.endpoint('end_session_endpoint')}${query && `?${query}`}`, {}, suite);
}

const confirm = ({ browser }: LoggedIn, page: Answer): Promise<Answer> =>
  browser.agent.submit(page, 'logout', { logout: 'yes' }, suite);

/** After a logout prompt=none is answered with an error that asks for a page. */
async function expectSignedOut({ browser }: LoggedIn): Promise<void> {
  const request = aRequest(clients.first, 'default', { prompt: 'none' });
  const arrival = await browser.authorize(request);
  expect(['login_required', 'interaction_required']).toContain(errorOf(op, arrival, request.state));
}

/** What the suite asks a screenshot of: a page of the server that refuses, or that asks the person. */
function expectPage(page: Answer): void {
  expect(page.url.startsWith(op.issuer)).toBe(true);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.text).toContain('<h1');
}

describe('oidcc-rp-initiated-logout-certification-test-plan', () => {
  it('oidcc-rp-initiated-logout-discovery-endpoint-verification', () => {
    expect(op.endpoint('end_session_endpoint')).toBe(`${op.issuer}/logout`);
  });

  it('oidcc-rp-initiated-logout: back to the client with the state, and signed out', async () => {
    const person = await signedIn();
    const { first, state } = person;

    const page = await askToEnd(person, {
      id_token_hint: first.tokens.id_token,
      post_logout_redirect_uri: afterLogout,
      state,
    });
    const { url } = await confirm(person, page);

    expect(url).toBe(`${afterLogout}?${new URLSearchParams({ state })}`);
    await expectSignedOut(person);
  });

  it('oidcc-rp-initiated-logout-no-state: back to the client with no parameter at all', async () => {
    const person = await signedIn();

    const page = await askToEnd(person, {
      id_token_hint: person.first.tokens.id_token,
      post_logout_redirect_uri: afterLogout,
    });

    expect((await confirm(person, page)).url).toBe(afterLogout);
    await expectSignedOut(person);
  });

  it('OIDCRIL-2: the same by POST', async () => {
    const person = await signedIn();
    const { first, state } = person;
    const form = { id_token_hint: first.tokens.id_token, post_logout_redirect_uri: afterLogout, state };

    const page = await person.browser.agent.visit(op.endpoint('end_session_endpoint'), { form }, suite);

    expect((await confirm(person, page)).url).toBe(`${afterLogout}?${new URLSearchParams({ state })}`);
    await expectSignedOut(person);
  });

  const unsigned = (token: string) => new UnsecuredJWT(decodeJwt(token)).encode();
  const forged = (token: string) => `${token.split('.').slice(0, 2).join('.')}.${random(64)}`;

  it.each<[string, (hint: string, state: string) => Parameters]>([
    [
      'bad-post-logout-redirect-uri',
      (hint, state) => ({ id_token_hint: hint, post_logout_redirect_uri: `${afterLogout}/${random()}`, state }),
    ],
    [
      'query-added-to-post-logout-redirect-uri',
      (hint, state) => ({ id_token_hint: hint, post_logout_redirect_uri: `${afterLogout}?foo=bar`, state }),
    ],
    [
      'modified-id-token-hint',
      (hint, state) => ({ id_token_hint: unsigned(hint), post_logout_redirect_uri: afterLogout, state }),
    ],
    [
      'bad-id-token-hint',
      (hint, state) => ({ id_token_hint: forged(hint), post_logout_redirect_uri: afterLogout, state }),
    ],
    ['no-id-token-hint', (_hint, state) => ({ post_logout_redirect_uri: afterLogout, state })],
    ['no-post-logout-redirect-uri', (hint, state) => ({ id_token_hint: hint, state })],
    ['no-params', () => ({})],
    ['only-state', (_hint, state) => ({ state })],
  ])('oidcc-rp-initiated-logout-%s: a page, and the client is not called', async (_module, parameters) => {
    const person = await signedIn();

    const page = await askToEnd(person, parameters(person.first.tokens.id_token, person.state));

    expectPage(page);
    if (!page.text.includes(' name="logout"')) {
      expect(page.status).toBe(400);
      return;
    }
    expect(page.status).toBe(200);
    expectPage(await confirm(person, page));
    await expectSignedOut(person);
  });

  it('who keeps the session on the confirmation page stays signed in', async () => {
    const person = await signedIn();

    const page = await askToEnd(person, {});
    expect(formWith(page, 'logout').method).toBe('POST');
    const { browser } = person;

    const arrival = await browser.authorize(aRequest(clients.first, 'default', { prompt: 'none' }));
    expect(arrival.sent?.get('code')).toEqual(expect.any(String));
  });

  it('OIDCRIL-2: a hint together with the client_id it was issued to', async () => {
    const person = await signedIn();
    const second = await run(op, person.browser, clients.second, aRequest(clients.second, 'default'));

    const page = await askToEnd(person, {
      id_token_hint: second.tokens.id_token,
      client_id: clients.second.id,
      post_logout_redirect_uri: afterLogout,
    });

    expect((await confirm(person, page)).url).toBe(afterLogout);
  });
});
