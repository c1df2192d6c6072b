import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { authorizeUrl, basic, obtainCode, pkce, post, redeem, TestBrowser } from '../../../support/provider-browser.ts';
import { addClient, addUser } from '../../../support/provider-seed.ts';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const web = basic('web', 'web-secret');
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addClient(idp, {
    clientId: 'web',
    secret: 'web-secret',
    metadata: { grant_types: ['authorization_code', 'refresh_token', DEVICE] },
  });
  alice = await addUser(idp, { userName: 'alice' });
});

afterAll(() => idp.end());

/** One living thing of each kind, and the strings that open them. */
async function fillTables() {
  const signedIn = await obtainCode(idp, { clientId: 'web', scope: 'openid offline_access' }, { accountId: alice });
  const { body } = await redeem(idp, signedIn, web);
  const pending = await obtainCode(idp, { clientId: 'web' }, { accountId: alice }, signedIn.browser);
  const device = await post(idp, '/device/authorize', { scope: 'openid' }, { authorization: web });
  const browser = new TestBrowser(idp);
  await browser.visit(authorizeUrl(idp, { clientId: 'web' }, pkce().challenge));
  const waiting = new TestBrowser(idp);
  await waiting.visit(String(device.body.verification_uri_complete));
  const initial = await idp.host.clients.issueInitialAccessToken({ lifetimeSeconds: 600 });
  return {
    accessToken: String(body.access_token),
    refreshToken: String(body.refresh_token),
    code: pending.code,
    deviceCode: String(device.body.device_code),
    session: signedIn.browser.cookie('doorward_session') ?? '',
    interaction: browser.cookie('doorward_interaction') ?? '',
    initial,
  };
}

async function stringsInTables(): Promise<Set<string>> {
  const tables = [
    'provider_records',
    'clients',
    'client_secrets',
    'consents',
    'replay_detections',
    'revoked_access_tokens',
    'audit_events',
  ];
  const found = new Set<string>();
  for (const table of tables) {
    const { rows } = await idp.pool.query<{ line: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS line FROM ${table} t`,
    );
    for (const { line } of rows) collect(line, found);
  }
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') {
    found.add(value);
    if (value.startsWith('\\x')) found.add(Buffer.from(value.slice(2), 'hex').toString('base64url'));
    if (value.startsWith('{')) collect(JSON.parse(value), found);
    for (const part of value.split(/[/?&=.]/)) if (part.length > 20) found.add(part);
  } else if (typeof value === 'object' && value !== null) {
    for (const one of Object.values(value)) collect(one, found);
  }
}

it('DESIGN §4: a dump of the tables holds nothing that opens anything', async () => {
  const secrets = await fillTables();
  const strings = await stringsInTables();

  const text = [...strings].join('\n');
  for (const [name, secret] of Object.entries(secrets))
    expect({ name, isInTables: text.includes(secret) }).toEqual({ name, isInTables: false });
  expect(strings.size).toBeGreaterThan(50);
  for (const string of [...strings].filter(
    (one) => one.length >= 16 && one.length < 1000 && /^[\x21-\x7e]+$/.test(one),
  )) {
    const [asCode, asRefresh, asDevice, asToken] = await Promise.all([
      redeem(idp, { code: string, verifier: 'x'.repeat(43) }, web),
      post(idp, '/token', { grant_type: 'refresh_token', refresh_token: string }, { authorization: web }),
      post(idp, '/token', { grant_type: DEVICE, device_code: string }, { authorization: web }),
      post(idp, '/introspect', { token: string }, { authorization: web }),
    ]);
    expect([asCode.status, asRefresh.status, asDevice.status]).toEqual([400, 400, 400]);
    expect(asDevice.body.error).toBe('invalid_grant');
    expect(asToken.body.active).not.toBe(true);
    expect(
      (await fetch(`${idp.issuer}/userinfo`, { headers: { authorization: `Bearer ${string}` } })).status,
    ).toBeGreaterThanOrEqual(400);
  }
});

it('SECURITY-LESSONS 11: every artefact at every other consumer is refused', async () => {
  const held = await fillTables();
  const form = { redirect_uri: 'https://rp.example/callback', code_verifier: 'x'.repeat(43) };
  const consumers = {
    code: (value: string) =>
      post(idp, '/token', { grant_type: 'authorization_code', code: value, ...form }, { authorization: web }),
    refreshToken: (value: string) =>
      post(idp, '/token', { grant_type: 'refresh_token', refresh_token: value }, { authorization: web }),
    deviceCode: (value: string) =>
      post(idp, '/token', { grant_type: DEVICE, device_code: value }, { authorization: web }),
    initial: async (value: string) => {
      const headers = { authorization: `Bearer ${value}`, 'content-type': 'application/json' };
      return fetch(`${idp.issuer}/register`, {
        method: 'POST',
        headers,
        body: '{"redirect_uris":["https://x.example/cb"]}',
      });
    },
    accessToken: (value: string) => fetch(`${idp.issuer}/userinfo`, { headers: { authorization: `Bearer ${value}` } }),
    requestUri: async (value: string) => {
      const query = new URLSearchParams({
        client_id: 'web',
        request_uri: `urn:ietf:params:oauth:request_uri:${value}`,
      });
      const { status, location = '' } = await new TestBrowser(idp).visit(`${idp.issuer}/authorize?${query}`);
      return { status: location.includes('/interaction/') ? 200 : Math.max(status, 400) };
    },
    session: async (value: string) => {
      const browser = new TestBrowser(idp);
      browser.setCookie('doorward_session', value);
      const { location = '' } = await browser.visit(
        authorizeUrl(idp, { clientId: 'web', prompt: 'none' }, pkce().challenge),
      );
      return { status: new URL(location).searchParams.has('code') ? 200 : 400 };
    },
  };

  for (const [artefact, value] of Object.entries(held)) {
    for (const [consumer, present] of Object.entries(consumers)) {
      if (artefact === consumer && consumer !== 'session') continue;
      const { status } = await present(value);
      expect({ artefact, consumer, isRefused: status >= 400 && status < 500 }).toEqual({
        artefact,
        consumer,
        isRefused: true,
      });
    }
  }
});
