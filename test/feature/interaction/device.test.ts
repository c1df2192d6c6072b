import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, password, type TestClient } from './a-sign-in.ts';

let server: RunningServer;
let tv: TestClient;

beforeAll(async () => {
  server = await startServer();
  tv = await aClient(server, {
    name: 'Living room',
    metadata: {
      redirect_uris: [],
      response_types: [],
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
    },
  });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

type DeviceCode = { device_code: string; user_code: string; verification_uri_complete: string };

async function discovered(name: string): Promise<string> {
  const answer = await fetch(`${server.origin}/.well-known/openid-configuration`);
  const metadata = (await answer.json()) as Record<string, string>;
  return server.origin + new URL(metadata[name] ?? '').pathname;
}

const form = async (url: string, fields: Record<string, string>): Promise<Record<string, unknown>> => {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  return (await answer.json()) as Record<string, unknown>;
};
const aDeviceCode = async () =>
  (await form(await discovered('device_authorization_endpoint'), {
    client_id: tv.clientId,
    scope: 'openid',
  })) as DeviceCode;
const poll = async ({ device_code }: DeviceCode) =>
  form(await discovered('token_endpoint'), {
    client_id: tv.clientId,
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code,
  });

/** Types the code and presses a button of the confirmation. */
async function decide(visitor: WebVisitor, code: DeviceCode, decision: 'approve' | 'deny'): Promise<[Page, Page]> {
  const confirmation = await visitor.submit(await visitor.get('/device'), 'user_code', { user_code: code.user_code });
  return [confirmation, await visitor.submit(confirmation, 'decision', { decision })];
}

describe('RFC 8628 §3.3: the person', () => {
  it('types the code, sees what it stands for, approves, signs in, consents, and the device gets its tokens', async () => {
    const person = await aPerson(server);
    const visitor = new WebVisitor(server);
    const code = await aDeviceCode();

    const [confirmation, login] = await decide(visitor, code, 'approve');
    const consent = await visitor.signIn(login, person.userName, password);
    const done = await visitor.submit(consent, 'decision', { decision: 'approve' });

    expect(confirmation.html).toContain('Living room');
    expect(confirmation.html).toContain(code.user_code);
    expect(confirmation.html).toContain('127.0.0.1');
    expect(titleOf(done)).toContain('The device is connected');
    expect(await poll(code)).toMatchObject({ access_token: expect.any(String) });
  });

  it('may deny: the device is told access_denied', async () => {
    const code = await aDeviceCode();

    const [, done] = await decide(new WebVisitor(server), code, 'deny');

    expect(titleOf(done)).toContain('The device was not connected');
    expect(await poll(code)).toMatchObject({ error: 'access_denied' });
  });

  it('RFC 8628 §3.3.1: verification_uri_complete fills the code by a page that posts itself, without inline script', async () => {
    const visitor = new WebVisitor(server);
    const code = await aDeviceCode();

    const page = await visitor.get(code.verification_uri_complete);
    const confirmation = await visitor.post(page.forms[0]?.action ?? '', page.forms[0]?.hidden ?? {});

    expect(page.html).toMatch(/<script src="\/assets\/submit\.js/);
    expect(confirmation.html).toContain(code.user_code);
    expect(await poll(code)).toMatchObject({ error: 'authorization_pending' });
  });

  it.each([
    ['an unknown code', 'BBBB-BBBB', 'not known'],
    ['no code', '', 'Enter the code'],
    ['markup', '"><script>alert(1)</script>', 'not known'],
  ])('%s is asked for again', async (_, userCode, words) => {
    const visitor = new WebVisitor(server);

    const page = await visitor.submit(await visitor.get('/device'), 'user_code', { user_code: userCode });

    expect(page.status).toBeLessThan(500);
    expect(page.html).toContain(words);
    expect(page.html).not.toContain('<script>alert');
  });

  it('SECURITY-LESSONS 26: a confirmation without this browser’s token confirms nothing', async () => {
    const code = await aDeviceCode();
    const visitor = new WebVisitor(server);
    await visitor.get('/device');

    const page = await visitor.post('/device', { user_code: code.user_code, confirm: 'yes', decision: 'approve' });

    expect(page.status).toBeLessThan(500);
    expect(await poll(code)).toMatchObject({ error: expect.stringMatching(/authorization_pending|slow_down/) });
  });
});
