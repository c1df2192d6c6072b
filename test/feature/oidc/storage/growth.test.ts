import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { expireRecords } from '../../../../src/domain/sessions/expire-records.ts';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, post, redeem, TestBrowser } from '../../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../../support/provider-seed.ts';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const web = basic('web', 'web-secret');
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addResourceServer(idp, { identifier: 'https://api.example', format: 'jwt', permissions: ['orders:read'] });
  const grants = ['authorization_code', 'refresh_token', 'client_credentials', DEVICE];
  await addClient(idp, { clientId: 'web', secret: 'web-secret', metadata: { grant_types: grants } });
  await allow(idp, { subject: { clientId: 'web' }, resource: 'https://api.example', values: ['orders:read'] });
  alice = await addUser(idp, { userName: 'alice' });
});

afterAll(() => idp.end());

const GROWING = [
  'provider_records',
  'revoked_access_tokens',
  'replay_detections',
  'consents',
  'outbox_messages',
  'clients',
];

async function countRows(): Promise<Record<string, number>> {
  const counts = GROWING.map(async (table) => {
    const { rows } = await idp.pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
    return [table, rows[0]?.count ?? -1] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

/** A month of what people and services do: sign in, refresh, abandon pages, start devices, revoke. */
async function aMonth(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const { browser, ...signedIn } = await obtainCode(
      idp,
      { clientId: 'web', scope: 'openid offline_access' },
      { accountId: alice },
    );
    let { body } = await redeem(idp, signedIn, web);
    for (let use = 0; use < 4; use += 1) {
      ({ body } = await post(
        idp,
        '/token',
        { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) },
        { authorization: web },
      ));
    }
    const service = await post(idp, '/token', { grant_type: 'client_credentials' }, { authorization: web });
    await post(idp, '/revoke', { token: String(service.body.access_token) }, { authorization: web });
    await post(idp, '/device/authorize', { scope: 'openid' }, { authorization: web });
    await new TestBrowser(idp).visit(
      `${idp.issuer}/authorize?client_id=web&response_type=code&code_challenge=${'x'.repeat(43)}&code_challenge_method=S256&scope=openid`,
    );
    await idp.host.current().ReplayDetection.unique('someone', randomUUID(), Math.floor(Date.now() / 1000) + 60);
  }
}

async function letAMonthPass(): Promise<void> {
  for (const table of ['provider_records', 'revoked_access_tokens', 'replay_detections']) {
    await idp.pool.query(`UPDATE ${table} SET expires_at = expires_at - interval '31 days'`);
  }
  while (await expireRecords(idp.pool, new Date()));
}

it('issue 3 item 3: under a steady load every table but the audit log stops growing', async () => {
  await aMonth();
  await letAMonthPass();
  const afterOne = await countRows();

  for (let month = 0; month < 3; month += 1) {
    await aMonth();
    await letAMonthPass();
  }

  expect(await countRows()).toEqual(afterOne);
});

it('a used refresh token, code or session keeps its row for an hour or its own short life, not for the life of the chain', async () => {
  await aMonth();

  const { rows } = await idp.pool.query(
    `SELECT model FROM provider_records WHERE consumed_at IS NOT NULL AND expires_at > now() + interval '1 hour'`,
  );
  expect(rows).toEqual([]);
});
