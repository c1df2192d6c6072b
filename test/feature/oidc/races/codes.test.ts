import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../../../support/eventually.ts';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, post, redeem } from '../../../support/provider-browser.ts';
import { addClient, addUser } from '../../../support/provider-seed.ts';

const web = basic('web', 'web-secret');
let idp: TestProvider;
let besides: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  besides = await aProvider({ besides: idp });
  await addClient(idp, { clientId: 'web', secret: 'web-secret' });
  alice = await addUser(idp, { userName: 'alice' });
});

afterAll(async () => {
  await besides.end();
  await idp.end();
});

/** Holds the row of the code until both processes have found it unused and are about to use it up. */
async function whileHeld<T>(work: () => Promise<T>): Promise<T> {
  const client = await idp.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT FROM provider_records WHERE model = 'AuthorizationCode' FOR UPDATE`);
    const answers = work();
    const waiting = await eventually(
      async () => (await idp.pool.query(WAITING)).rows[0]?.count,
      (count) => count === 2,
    );
    await client.query('COMMIT');
    expect(waiting).toBe(2);
    return await answers;
  } finally {
    client.release();
  }
}

const WAITING = `SELECT count(*)::int AS count FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%consumed_at = now()%'`;

it('RFC 6749 §4.1.2: of 50 parallel redemptions over two processes one succeeds, and the grant is gone', async () => {
  const signedIn = await obtainCode(idp, { clientId: 'web', scope: 'openid offline_access' }, { accountId: alice });

  const answers = await whileHeld(() =>
    Promise.all(Array.from({ length: 50 }, (_, index) => redeem(index % 2 === 0 ? idp : besides, signedIn, web))),
  );

  const granted = answers.filter(({ status }) => status === 200);
  expect(granted).toHaveLength(1);
  expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(49);
  const { access_token: token, refresh_token: refreshToken } = granted[0]?.body ?? {};
  expect((await post(idp, '/introspect', { token: String(token) }, { authorization: web })).body).toEqual({
    active: false,
  });
  const refreshed = await post(
    idp,
    '/token',
    { grant_type: 'refresh_token', refresh_token: String(refreshToken) },
    { authorization: web },
  );
  expect(refreshed.body.error).toBe('invalid_grant');
});

it('a code redeemed a second time ends what the first redemption gave', async () => {
  const signedIn = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });
  const first = await redeem(idp, signedIn, web);

  const second = await redeem(besides, signedIn, web);

  expect(second.body.error).toBe('invalid_grant');
  const userinfo = await fetch(`${idp.issuer}/userinfo`, {
    headers: { authorization: `Bearer ${first.body.access_token}` },
  });
  expect(userinfo.status).toBe(401);
});

it('a sign-in started on one process finishes on another', async () => {
  const signedIn = await obtainCode(besides, { clientId: 'web' }, { accountId: alice });

  expect((await redeem(idp, signedIn, web)).status).toBe(200);
});
