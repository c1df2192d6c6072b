import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { refusalLimits } from '../../../src/domain/audit/anonymous-refusals.ts';
import { hashClientSecret } from '../../../src/domain/clients/client-secret.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { WebVisitor } from '../../support/web-visitor.ts';
import { aClient, authorizeUrl } from '../interaction/a-sign-in.ts';

let server: RunningServer;
let app: { clientId: string; redirectUri: string };

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_TRUST_PROXY: '127.0.0.1' } });
  app = await aClient(server, { metadata: { token_endpoint_auth_method: 'client_secret_basic' } });
});
/** Each test has limits of its own. */
beforeEach(() => void server.foundation.refusals.take(new Date(), true));
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

/** More than fit into the two minutes that a flood may touch. */
const flood = refusalLimits.address * 2 + 15;

type Row = { type: string; details: Record<string, unknown>; ip_address: string | null };
const rowsFrom = (condition: string, ...parameters: unknown[]) =>
  server.foundation.read.query<Row>(
    `SELECT type, details, ip_address FROM audit_events WHERE ${condition}`,
    parameters,
  );
const written = async (address: string) => (await rowsFrom('ip_address = $1', address)).length;

/** What the log says is not in it, the present minute included. */
async function summed(prefix: string): Promise<number> {
  const { refusals, transact } = server.foundation;
  const events = refusals.take(new Date(), true);
  await transact({ type: 'system', id: 'test' }, async (tx) => {
    for (const event of events) tx.record(event);
  });
  const rows = await rowsFrom(`type = 'refusals.summed-up' AND details ->> 'prefix' = $1`, prefix);
  return rows.reduce((sum, { details }) => sum + Number(details.count), 0);
}

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
type Send = (address: string) => Promise<unknown>;
const form = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Send => {
  return (address) =>
    fetch(server.origin + path, {
      method: 'POST',
      headers: { 'x-forwarded-for': address, ...headers },
      body: new URLSearchParams(fields),
    });
};

/** Everything that can be refused without showing who one is. */
const refusable: readonly (readonly [string, () => Send])[] = [
  ['/token, no client', () => form('/token', {})],
  [
    '/token, unknown client',
    () => form('/token', { grant_type: 'client_credentials' }, { authorization: basic('x', 'y') }),
  ],
  ['/token, wrong secret', () => form('/token', { grant_type: 'x' }, { authorization: basic(app.clientId, 'y') })],
  ['/token, another way to authenticate', () => form('/token', { client_id: app.clientId })],
  [
    '/token, a client named beside an attestation',
    () => form('/token', { client_id: app.clientId }, { 'oauth-client-attestation': attestation(app.clientId) }),
  ],
  ['/introspect', () => form('/introspect', { token: 'x' }, { authorization: basic(app.clientId, 'y') })],
  ['/revoke', () => form('/revoke', { token: 'x' }, { authorization: basic(app.clientId, 'y') })],
  ['/par', () => form('/par', { client_id: app.clientId }, { authorization: basic(app.clientId, 'y') })],
  ['/device/authorize', () => form('/device/authorize', { client_id: 'nobody' })],
  ['/register', () => form('/register', {}, { 'content-type': 'application/json' })],
  ['/userinfo', () => form('/userinfo', {}, { authorization: 'Bearer nothing' })],
  ['/authorize, unknown client', () => get('/authorize?client_id=nobody')],
  [
    '/authorize, unregistered address',
    () => get(authorizeUrl(server, { ...app, redirectUri: 'https://elsewhere.example/' }).replace(server.issuer, '')),
  ],
  ['/logout', () => get('/logout?id_token_hint=nothing')],
  ['a set-password link that is none', () => form('/account/set-password', { token: 'none' })],
];

function get(path: string): Send {
  return (address) => fetch(server.origin + path, { redirect: 'manual', headers: { 'x-forwarded-for': address } });
}

const attestation = (sub: string): string =>
  `${[{ alg: 'ES256' }, { sub }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.x`;

describe('whoever shows no credential cannot fill the audit log (SECURITY-LESSONS 37)', () => {
  it.each(refusable.map(([name, send], index) => [name, send, index] as const))(
    '%s: a flood leaves a bounded number of rows, and the rest as one number',
    async (_, send, index) => {
      const address = `203.0.${index}.7`;
      const call = send();

      for (let n = 0; n < flood; n += 1) await call(address);
      const rows = await written(address);

      expect(rows).toBeLessThanOrEqual(refusalLimits.address * 2);
      expect(rows + (await summed(address))).toBe(flood);
    },
  );

  it('refused sign-ins are counted apart, so that a flood of something else hides none', async () => {
    const address = '203.0.113.9';
    const visitor = new WebVisitor(server);
    const page = await visitor.get(authorizeUrl(server, app));
    const call = form('/token', {});
    for (let n = 0; n < flood; n += 1) await call(address);

    const { action, hidden } = page.forms.find(({ names }) => names.includes('username')) ?? { action: '', hidden: {} };
    const body = new URLSearchParams({ ...hidden, username: 'nobody@example.com', password: 'a guess' });
    await visitor.request(action, { method: 'POST', body, headers: { 'x-forwarded-for': address } });

    expect(await rowsFrom(`type = 'sign-ins.refused' AND ip_address = $1`, address)).toHaveLength(1);
  });

  it('one network behind many addresses has a limit of its own', async () => {
    const call = form('/token', {});
    const calls = refusalLimits.network * 2 + 30;
    for (let n = 0; n < calls; n += 1) await call(`2001:db8:77:${n.toString(16)}::1`);
    const fromOneNetwork = await rowsFrom(`ip_address::text LIKE '2001:db8:77:%'`);

    expect(fromOneNetwork.length).toBeLessThanOrEqual(refusalLimits.network * 2);
    expect(fromOneNetwork.length + (await summed('2001:db8:77::/48'))).toBe(calls);
  });

  it('who has proved who they are has a row for each refusal', async () => {
    const address = '203.0.113.40';
    const secret = 'a-secret-of-the-test';
    const { clientId } = await aClientWithSecret(secret);
    const call = form(
      '/token',
      { grant_type: 'refresh_token', refresh_token: 'none' },
      { authorization: basic(clientId, secret) },
    );
    for (let n = 0; n < flood; n += 1) await call(address);

    expect(await written(address)).toBe(flood);
  });

  it('the metric counts those that have no row', async () => {
    const text = await (await fetch(`${server.origin}/metrics`)).text();
    const [, count] = /^doorward_audit_refusals_summed_up_total\{type="tokens.refused"\} (\d+)$/m.exec(text) ?? [];

    expect(Number(count)).toBeGreaterThan(30);
  });
});

async function aClientWithSecret(secret: string) {
  const { foundation } = server;
  const client = await aClient(server, { metadata: { token_endpoint_auth_method: 'client_secret_basic' } });
  const hash = hashClientSecret(foundation.keyRing.derive('client-secret-pepper'), secret);
  await foundation.transact({ type: 'operator', id: 'test' }, async (tx) => {
    await tx.query(
      'INSERT INTO client_secrets (id, client_id, hash, created_at) VALUES (gen_random_uuid(), $1, $2, $3)',
      [client.clientId, hash, tx.now],
    );
    tx.announce({ topic: 'clients', key: client.clientId });
  });
  return client;
}
