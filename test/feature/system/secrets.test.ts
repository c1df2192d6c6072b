import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AdminApi } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { administrator, startServer, type TestServer } from '../../support/server.ts';
import { dumpTables, queryOn } from '../../support/tables.ts';
import { authorizationUrl, newPkce, redeem, signIn, UserAgent } from '../../support/user-agent.ts';
import { redirectUri } from './relying-party.ts';

jest.setTimeout(90_000);

const canary = (kind: string) => `canary-${kind}-${randomBytes(9).toString('hex')}`;

let server: TestServer;
let admin: AdminApi;
/** What was planted, and what the server made and told once. */
const secrets = new Map<string, string>();
/** Answers that must not repeat any of it. */
const answers: string[] = [];

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_LOG_LEVEL: 'trace' } });
  admin = await server.admin();
  await plant();
}, 90_000);

afterAll(async () => {
  await server?.stop();
});

async function note(answer: Response): Promise<string> {
  const text = await answer.text();
  answers.push(text, JSON.stringify([...answer.headers]));
  return text;
}

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

async function plant(): Promise<void> {
  const password = canary('password');
  const userName = `${canary('person').slice(7)}@example.com`;
  const { id } = await admin.post('/users', { userName, password });
  const link = await admin.post(`/users/${id}/set-password-link`, {});
  const created = await admin.post('/clients', {
    client_name: 'Canary app',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    first_party: true,
  });
  const clientId = String(created.client_id);
  const secret = String(created.client_secret);
  secrets.set('password', password).set('client secret', secret).set('admin secret', admin.client.secret);
  secrets.set('admin token', admin.token).set('administrator password', administrator.password);
  secrets.set('set-password token', String(link.url ?? link.link).split(/token=|#/)[1] ?? '');

  const agent = new UserAgent({ via: { [server.issuer]: server.url } });
  const options = { issuer: server.issuer, clientId, redirectUri, userName, password, scope: 'openid offline_access' };
  const { code, pkce } = await signIn(agent, options);
  secrets.set('code', code).set('code_verifier', pkce.verifier);
  const first = JSON.parse(await (await redeem(server.url, { clientId, secret, redirectUri, code, pkce })).text());
  secrets.set('access token', first.access_token).set('refresh token', first.refresh_token);
  secrets.set('ID token', first.id_token);
  for (const { name, value } of agent.cookies.values()) {
    if (value.length > 15) secrets.set(`cookie ${name}`, value);
  }
  const refreshed = await fetch(`${server.url}/token`, {
    method: 'POST',
    headers: { authorization: basic(clientId, secret) },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: first.refresh_token }),
  });
  const second = JSON.parse(await refreshed.text());
  secrets.set('renewed access token', second.access_token).set('renewed refresh token', second.refresh_token);

  await beRefused({ clientId, secret, userName, code });
}

/** Every way of saying no, with secrets in the request. */
async function beRefused(known: { clientId: string; secret: string; userName: string; code: string }): Promise<void> {
  const { clientId, secret, userName, code } = known;
  const guessed = { password: canary('guess'), typed: canary('typed-as-user-name'), secret: canary('wrong-secret') };
  const sent = {
    assertion: canary('assertion'),
    token: canary('foreign-token'),
    password: canary('too-short').slice(0, 24),
  };
  for (const [name, value] of Object.entries({ ...guessed, ...sent })) secrets.set(`refused ${name}`, value);
  const post = (path: string, form: Record<string, string>, headers = {}) =>
    fetch(`${server.url}${path}`, { method: 'POST', headers, body: new URLSearchParams(form) }).then(note);
  await post(
    '/token',
    { grant_type: 'authorization_code', code, redirect_uri: redirectUri },
    { authorization: basic(clientId, secret) },
  );
  await post('/token', { grant_type: 'client_credentials' }, { authorization: basic(clientId, guessed.secret) });
  await post('/token', { grant_type: 'client_credentials', client_id: clientId, client_secret: guessed.secret });
  await post('/token', {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: sent.assertion,
  });
  await post('/token', { grant_type: 'password', username: userName, password: guessed.password, client_id: clientId });
  await post('/introspect', { token: sent.token }, { authorization: basic(clientId, secret) });
  await post('/revoke', { token: sent.token }, { authorization: basic(clientId, guessed.secret) });
  await fetch(`${server.url}/userinfo`, { headers: { authorization: `Bearer ${sent.token}` } }).then(note);
  await fetch(`${server.url}/admin/v1/users`, { headers: { authorization: `Bearer ${sent.token}` } }).then(note);
  await fetch(`${server.url}/account/set-password?token=${sent.token}`, { headers: { accept: 'text/html' } });
  const refused = await admin.call('POST', '/users', { userName, password: guessed.password, unknown: sent.password });
  answers.push(refused.text);
  await signInWrongly(userName, guessed.password, clientId);
  await signInWrongly(guessed.typed, guessed.password, clientId, false);
}

async function signInWrongly(username: string, password: string, clientId: string, keep = true): Promise<void> {
  const agent = new UserAgent({ via: { [server.issuer]: server.url } });
  const page = await agent.visit(authorizationUrl({ issuer: server.issuer, clientId, redirectUri }, newPkce()));
  const answer = await agent.submit(page, 'username', { username, password });
  // The form keeps what was typed as user name, for the one who typed it.
  if (keep) answers.push(answer.text);
  secrets.set(
    'interaction cookie',
    [...agent.cookies.values()].find(({ name }) => /interaction/.test(name))?.value ?? 'none-at-all',
  );
}

const found = (text: string): string[] =>
  [...secrets].filter(([, value]) => text.includes(value)).map(([name]) => name);

describe('SECURITY-LESSONS 39, 40: secret canaries', () => {
  it('there is something to find', () => {
    const empty = [...secrets].filter(([, value]) => value.length < 12).map(([name]) => name);

    expect(empty).toEqual([]);
    expect(secrets.size).toBeGreaterThan(18);
  });

  it('no secret is in the log at its most talkative level', async () => {
    const last = (await fetch(`${server.url}/health/live`)).headers.get('x-request-id') ?? 'none';
    await eventually(server.logs, (text) => text.includes(last));

    expect(server.logs().length).toBeGreaterThan(2000);
    expect(found(server.logs())).toEqual([]);
  });

  it('no secret is in the audit log', async () => {
    const rows = await queryOn<{ line: string }>(
      await server.databaseUrl(),
      'SELECT to_jsonb(a)::text AS line FROM audit_events a',
    );

    expect(rows.length).toBeGreaterThan(15);
    expect(found(rows.map(({ line }) => line).join('\n'))).toEqual([]);
  });

  it('no secret is in any table, as it is or in binary', async () => {
    const dump = await dumpTables(await server.databaseUrl());

    const places = Object.entries(dump).flatMap(([table, text]) => found(text).map((name) => `${table}: ${name}`));
    expect(places).toEqual([]);
  });

  it('no secret is in the metrics, in a refusal, or in what the admin API lists', async () => {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const lists = ['/users', '/clients', '/sessions', '/grants', '/audit-events?limit=100', '/keys', '/roles'];
    const listed = await Promise.all(lists.map(async (path) => (await admin.call('GET', path)).text));

    expect(found(metrics)).toEqual([]);
    expect(answers.flatMap(found)).toEqual([]);
    expect(listed.flatMap(found)).toEqual([]);
    expect(listed.join('\n')).not.toMatch(/\$2b\$|hmac-sha256\$|sha256\$|"d":"|BEGIN/);
  });
});

describe('SECURITY-LESSONS 38: requests do not leak into one another', () => {
  it('each of many refusals at the same moment tells of its own request only', async () => {
    const markers = Array.from({ length: 120 }, () => randomBytes(8).toString('hex'));
    const ways = [
      (m: string) => `/authorize?client_id=${m}&state=${m}&scope=openid`,
      (m: string) => `/logout?post_logout_redirect_uri=https://${m}.example&client_id=${m}`,
      (m: string) => `/interaction/${m}`,
      (m: string) => `/admin/v1/users/${m}?${m}=1`,
      (m: string) => `/register/${m}`,
      (m: string) => `/userinfo?access_token=${m}`,
    ];

    const pages = await Promise.all(
      markers.map(async (marker, index) => {
        const path = (ways[index % ways.length] ?? String)(marker);
        const headers = {
          accept: index % 2 ? 'text/html' : 'application/json',
          authorization: path.startsWith('/admin') ? `Bearer ${admin.token}` : '',
        };
        const answer = await fetch(`${server.url}${path}`, { headers, redirect: 'manual' });
        return { marker, text: `${JSON.stringify([...answer.headers])}\n${await answer.text()}` };
      }),
    );
    const leaks = pages.flatMap(({ marker, text }) =>
      markers.filter((other) => other !== marker && text.includes(other)),
    );
    const ids = pages.map(({ text }) => /"x-request-id","([^"]+)"/.exec(text)?.[1]);

    expect(leaks).toEqual([]);
    expect(new Set(ids).size).toBe(markers.length);
  });
});
