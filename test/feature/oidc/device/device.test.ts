import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { basic, post, TestBrowser, type Visit } from '../../../support/provider-browser.ts';
import { addClient, addUser } from '../../../support/provider-seed.ts';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const tv = basic('tv', 'tv-secret');
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  const metadata = { grant_types: [DEVICE, 'refresh_token'], response_types: [], redirect_uris: [] };
  await addClient(idp, { clientId: 'tv', secret: 'tv-secret', metadata });
  await addClient(idp, { clientId: 'cli', metadata });
  alice = await addUser(idp, { userName: 'alice' });
});

afterAll(() => idp.end());

const poll = (deviceCode: unknown) =>
  post(idp, '/token', { grant_type: DEVICE, device_code: String(deviceCode) }, { authorization: tv });

async function start() {
  const { body } = await post(idp, '/device/authorize', { scope: 'openid' }, { authorization: tv });
  const browser = new TestBrowser(idp);
  const confirmation = await browser.visit(String(body.verification_uri_complete));
  return { body, browser, confirmation };
}

const fieldsOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );

/** The entered code leads to the confirmation; its form to the sign-in. */
async function decide(
  browser: TestBrowser,
  page: Visit,
  decision: 'approve' | 'deny',
  userCode: unknown,
): Promise<Visit> {
  const confirm = await browser.visit(
    '/device',
    {},
    { method: 'POST', body: new URLSearchParams({ ...fieldsOf(page.body), user_code: String(userCode) }) },
  );
  const body = new URLSearchParams({ ...fieldsOf(confirm.body), decision });
  const answer = await browser.visit('/device', { accountId: alice }, { method: 'POST', body });
  return answer.location === undefined
    ? answer
    : browser.follow(answer.location, { accountId: alice, decision: 'approve' });
}

describe('device authorization (RFC 8628)', () => {
  it('§3.3 to §3.5: pending until the person approves, then tokens, once', async () => {
    const { body, browser, confirmation } = await start();
    expect(body).toMatchObject({ user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/), expires_in: 600 });
    expect((await poll(body.device_code)).body.error).toBe('authorization_pending');

    const done = await decide(browser, confirmation, 'approve', body.user_code);

    expect(done.body).toContain('connected');
    const granted = await poll(body.device_code);
    expect(granted.body).toMatchObject({ token_type: 'Bearer', scope: 'openid', id_token: expect.any(String) });
    expect((await poll(body.device_code)).body.error).toBe('invalid_grant');
  });

  it('§3.5: a refusal on the page is access_denied to the device', async () => {
    const { body, browser, confirmation } = await start();

    const denied = await decide(browser, confirmation, 'deny', body.user_code);

    expect(denied.body).toContain('not connected');
    expect((await poll(body.device_code)).body.error).toBe('access_denied');
  });

  it('§3.3: an unknown code, and a code that was used, lead back to the entry with a word', async () => {
    const { body, browser, confirmation } = await start();
    await decide(browser, confirmation, 'deny', body.user_code);
    const again = await browser.visit('/device');

    const used = await browser.visit(
      '/device',
      {},
      { method: 'POST', body: new URLSearchParams({ ...fieldsOf(again.body), user_code: String(body.user_code) }) },
    );
    const unknown = await browser.visit(
      '/device',
      {},
      { method: 'POST', body: new URLSearchParams({ ...fieldsOf(used.body), user_code: 'BBBB-BBBB' }) },
    );

    expect(used.body).toContain('has been used');
    expect(unknown.body).toContain('not known');
  });

  it("Go's oauth2 sends only client_id: a public client needs no more", async () => {
    const { status } = await post(idp, '/device/authorize', { client_id: 'cli', scope: 'openid' });

    expect(status).toBe(200);
  });

  it('the table holds the user code only as a keyed hash', async () => {
    const { body } = await start();
    const { rows } = await idp.pool.query(`SELECT payload FROM provider_records WHERE model = 'DeviceCode'`);

    const plain = String(body.user_code).replace('-', '');
    expect(JSON.stringify(rows)).not.toContain(plain);
    expect(JSON.stringify(rows)).not.toContain(String(body.device_code));
  });
});
