import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { throttleLimits } from '../../../src/domain/authentication/throttle-limits.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_TRUST_PROXY: '127.0.0.1', DOORWARD_CLIENT_REGISTRATION: 'open' } });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const METADATA = { client_name: 'A tool', redirect_uris: ['https://rp.example/callback'] };

async function send(method: string, path: string, address: string, body: unknown, token?: string) {
  const answer = await rawRequest(server.origin + path, {
    method,
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': address,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { ...answer, body: JSON.parse(answer.text) as Record<string, unknown> };
}
const register = (address: string, metadata: object = METADATA) => send('POST', '/register', address, metadata);
const { free } = throttleLimits.registration;
const countClients = async () =>
  (await server.foundation.read.query<{ count: number }>('SELECT count(*)::int AS count FROM clients'))[0]?.count ?? 0;

describe('registration that is open to everyone (RFC 7591 §5)', () => {
  it('of a hundred at once from one /64 the free ones are made; the others are told when to come back', async () => {
    const before = await countClients();

    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => register(`2001:db8:1:1::${n + 1}`)));

    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(100 - free);
    expect(await countClients()).toBe(before + free);
    for (const { body, headers } of refused) {
      expect(body).toEqual({ error: 'temporarily_unavailable', error_description: expect.any(String) });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  it('whoever moves through a /48 has a limit too, and another network does not feel it', async () => {
    const most = throttleLimits.registrationFromNetwork.free;
    const answers = [];
    for (let n = 0; n < most + 5; n += 1) answers.push(await register(`2001:db8:2:${n.toString(16)}::1`));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(most);
    expect((await register('198.51.100.1')).status).toBe(201);
  });

  it('metadata that is refused uses nothing up, and a client that changes its own registration is not slowed', async () => {
    const address = '198.51.100.2';
    for (let n = 0; n < free; n += 1) await register(address, { redirect_uris: ['not an address'] });
    const { body, status } = await register(address, { ...METADATA, token_endpoint_auth_method: 'none' });
    for (let n = 1; n < free; n += 1) await register(address);
    const full = await register(address);
    const { registration_access_token: token, registration_client_uri: _, client_id_issued_at: __, ...settings } = body;
    const changed = await send('PUT', `/register/${body.client_id}`, address, settings, String(token));

    expect([status, full.status, changed.status]).toEqual([201, 429, 200]);
  });

  it('the refusal is in the audit log with its reason', async () => {
    const rows = await server.foundation.read.query<{ actor_type: string }>(
      `SELECT actor_type FROM audit_events WHERE type = 'client-registrations.refused' AND reason = 'temporarily_unavailable'`,
    );

    expect(new Set(rows.map(({ actor_type: type }) => type))).toEqual(new Set(['anonymous']));
  });
});
