import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import {
  authorizeUrl,
  basic,
  obtainCode,
  pkce,
  redeem,
  TestBrowser,
  type Visit,
} from '../../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../../support/provider-seed.ts';

const API = 'https://api.example';
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addResourceServer(idp, { identifier: API, permissions: ['orders:read', 'orders:write'] });
  for (const clientId of ['third', 'fourth', 'fifth'])
    await addClient(idp, { clientId, secret: 'a-secret', firstParty: false });
  const native = { application_type: 'native', redirect_uris: ['http://127.0.0.1/cb'] };
  await addClient(idp, { clientId: 'native', metadata: native });
  await addClient(idp, { clientId: 'native-third', firstParty: false, metadata: native });
  alice = await addUser(idp, { userName: 'alice' });
  await allow(idp, { subject: { userId: alice }, resource: API, values: ['orders:read'] });
});

afterAll(() => idp.end());

const parameter = ({ location = 'about:blank' }: Visit, name: string): string | null =>
  new URL(location).searchParams.get(name);
const ask = (
  browser: TestBrowser,
  clientId: string,
  more: Record<string, string> = {},
  decision?: 'approve' | 'deny',
) =>
  browser.follow(authorizeUrl(idp, { clientId, ...more }, pkce().challenge), {
    accountId: alice,
    ...(decision ? { decision } : {}),
  });

describe('consent', () => {
  it('OIDC Core §3.1.2.4: a third-party client is asked for once; later sessions remember', async () => {
    const browser = new TestBrowser(idp);
    const asked = await ask(browser, 'third', { scope: 'openid email orders:read' });

    expect(JSON.parse(asked.body)).toMatchObject({
      prompt: 'consent',
      clientId: 'third',
      accountId: alice,
      missing: { scopes: expect.arrayContaining(['openid', 'email']), resourceScopes: { [API]: ['orders:read'] } },
    });
    const approved = await browser.follow(`${idp.issuer}${new URL(asked.response.url).pathname}`, {
      decision: 'approve',
    });
    expect(parameter(approved, 'code')).not.toBeNull();
    const elsewhere = await ask(new TestBrowser(idp), 'third', { scope: 'openid email' });
    expect(parameter(elsewhere, 'code')).not.toBeNull();
  });

  it('more than was consented to is asked for again', async () => {
    const more = await ask(new TestBrowser(idp), 'third', { scope: 'openid email phone' });

    expect(JSON.parse(more.body).missing).toEqual({ scopes: ['phone'], claims: [], resourceScopes: {} });
  });

  it('OIDC Core §3.1.2.6: a refusal is access_denied, and is not remembered', async () => {
    const denied = await ask(new TestBrowser(idp), 'fourth', {}, 'deny');
    const again = await ask(new TestBrowser(idp), 'fourth');

    expect(parameter(denied, 'error')).toBe('access_denied');
    expect(parameter(denied, 'state')).toBe('a-state');
    expect(JSON.parse(again.body).prompt).toBe('consent');
  });

  it('OIDC Core §3.1.2.1: prompt=consent asks although it is remembered; prompt=none does not ask', async () => {
    const browser = new TestBrowser(idp);
    await ask(browser, 'third', { scope: 'openid email' });

    expect(JSON.parse((await ask(browser, 'third', { prompt: 'consent' })).body).prompt).toBe('consent');
    expect(parameter(await ask(browser, 'fifth', { prompt: 'none' }), 'error')).toBe('consent_required');
    expect(parameter(await ask(browser, 'third', { prompt: 'none' }), 'code')).not.toBeNull();
  });

  it('what roles allow narrows the token, never the grant: the next role needs no consent', async () => {
    const request = { clientId: 'third', scope: 'openid orders:read orders:write', resource: API };
    const first = await obtainCode(idp, request, { accountId: alice });
    const { body } = await redeem(idp, first, basic('third', 'a-secret'), { resource: API });
    expect(body.scope).toBe('orders:read');
    await allow(idp, { subject: { userId: alice }, resource: API, values: ['orders:write'] });

    const second = await obtainCode(idp, request, { accountId: alice, decision: 'deny' });

    expect((await redeem(idp, second, basic('third', 'a-secret'), { resource: API })).body.scope).toBe(
      'orders:read orders:write',
    );
  });
});

describe('steps of an interaction', () => {
  const interactionOf = (page: Visit): string => new URL(page.response.url).pathname;

  it('"not you?": the session ends, and another person signs in for the same request', async () => {
    const bob = await addUser(idp, { userName: 'bob' });
    const browser = new TestBrowser(idp);
    const asked = await ask(browser, 'fifth');

    const ended = await browser.visit(interactionOf(asked), { decision: 'switch' });
    const switched = await browser.follow(ended.location ?? '');
    const asBob = await browser.follow(interactionOf(switched), { accountId: bob });

    expect(JSON.parse(switched.body)).toMatchObject({ prompt: 'login', clientId: 'fifth' });
    expect(JSON.parse(switched.body)).not.toHaveProperty('accountId');
    expect(JSON.parse(asBob.body)).toMatchObject({ prompt: 'consent', accountId: bob });
    const done = await browser.follow(interactionOf(asBob), { decision: 'approve' });
    expect(parameter(done, 'code')).not.toBeNull();
  });

  it('SECURITY-LESSONS 24: a finished interaction leads nowhere', async () => {
    const browser = new TestBrowser(idp);
    const page = await browser.follow(authorizeUrl(idp, { clientId: 'fifth' }, pkce().challenge));
    const path = interactionOf(page);
    await browser.follow(path, { accountId: alice, decision: 'deny' });

    const again = await browser.visit(path, { accountId: alice });

    expect(again.status).toBe(410);
  });

  it('OAuth 2.0 Form Post Response Mode: the answer is posted, with iss and state', async () => {
    const answer = await ask(new TestBrowser(idp), 'third', { response_mode: 'form_post', scope: 'openid' }, 'approve');

    expect(answer.status).toBe(200);
    expect(answer.body).toContain('action="https://rp.example/callback"');
    for (const name of ['code', 'state', 'iss']) expect(answer.body).toContain(`name="${name}"`);
  });
});

describe('native clients (RFC 8252)', () => {
  const loopback = (port: number) => ({ redirect_uri: `http://127.0.0.1:${port}/cb` });

  it('§7.3: any port of a registered loopback redirect is accepted, and login does not come back to an interaction', async () => {
    const first = await ask(new TestBrowser(idp), 'native', loopback(51_234));

    expect(first.location).toMatch(/^http:\/\/127\.0\.0\.1:51234\/cb\?code=/);
  });

  it('§8.6: a third-party one is asked again although consent is remembered', async () => {
    const browser = new TestBrowser(idp);
    expect(parameter(await ask(browser, 'native-third', loopback(4000), 'approve'), 'code')).not.toBeNull();

    expect(JSON.parse((await ask(browser, 'native-third', loopback(4001))).body).prompt).toBe('consent');
  });
});
