import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';
import { aPolicy } from './a-policy.ts';

let server: RunningServer;
let admin: AdminApi;
let app: TestClient;

beforeAll(async () => {
  server = await startServer();
  admin = await adminApi({ url: server.issuer, client: await addAdminClient(server.configuration.databaseUrl ?? '') });
  app = await aClient(server, { firstParty: true });
  await aPolicy(server, {
    clientId: app.clientId,
    rules: [
      { effect: 'deny', when: { risk: 'high' }, reason: 'Too unusual.' },
      { effect: 'require', when: { risk: 'elevated' }, requirements: { factors: 'two_factors' } },
    ],
  });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function signIn(userName: string, secret = password, visitor = new WebVisitor(server)) {
  const page = await visitor.get(authorizeUrl(server, app, { prompt: 'login' }));
  return { visitor, page: await visitor.signIn(page, userName, secret) };
}

/** As if all they did so far had been a while ago. */
async function later(userId: string): Promise<void> {
  await server.foundation.pool.query(
    `UPDATE known_devices SET created_at = created_at - interval '1 minute' WHERE user_id = $1`,
    [userId],
  );
}

const explain = (userId: string, more: Json): Promise<Json> =>
  admin.post('/policies/evaluations', { userId, clientId: app.clientId, ...more });

describe('the risk of a sign-in', () => {
  it('is low at the first one ever, whatever it comes from', async () => {
    const user = await aPerson(server);

    const { page } = await signIn(user.userName);

    expect(callback(page.url).code).toBeDefined();
  });

  it('is elevated in a new browser, and a known one stays as it was', async () => {
    const user = await aPerson(server);
    const { visitor } = await signIn(user.userName);
    await later(user.id);
    await untilNextSecond();

    const fresh = await signIn(user.userName);
    const known = await signIn(user.userName, password, visitor);

    expect(titleOf(fresh.page)).toContain('Another way to sign in is needed');
    expect(callback(known.page.url).code).toBeDefined();
  });

  it('is high where wrong answers came before a new browser', async () => {
    const user = await aPerson(server);
    await signIn(user.userName);
    for (let guess = 0; guess < 3; guess += 1) await signIn(user.userName, 'not the password');
    await untilNextSecond();

    const { page } = await signIn(user.userName);

    expect(page.status).toBe(403);
    expect(page.html).toContain('Too unusual.');
  });

  it.each([
    ['all as before', { ipAddress: '127.0.0.9', knownBrowser: true }, 'low', []],
    ['another network', { ipAddress: '192.0.2.1', knownBrowser: true }, 'elevated', ['new_network']],
    [
      'another network of IPv6',
      { ipAddress: '2001:db8::1', knownBrowser: false },
      'high',
      ['new_browser', 'new_network'],
    ],
  ])('%s is told by an evaluation with its signals', async (_, more, level, signals) => {
    const user = await aPerson(server);
    await signIn(user.userName);
    await untilNextSecond();

    const answer = await explain(user.id, more);

    expect(answer.risk).toEqual({ level, signals });
    expect(answer.decision).toBe(level === 'low' ? 'allowed' : level === 'high' ? 'denied' : 'more_needed');
  });

  it('a password just recovered is one of them; without an address it is not known', async () => {
    const user = await aPerson(server);
    await server.foundation.transact({ type: 'anonymous', id: 'anonymous' }, async (tx) => {
      tx.record({ type: 'set-password-links.redeemed', target: { type: 'user', id: user.id } });
    });
    await untilNextSecond();

    expect((await explain(user.id, { ipAddress: '127.0.0.1', knownBrowser: false })).risk).toEqual({
      level: 'elevated',
      signals: ['recovered'],
    });
    expect((await explain(user.id, {})).risk).toBeUndefined();
    expect(await explain(user.id, { risk: 'high' })).toMatchObject({ decision: 'denied', risk: { level: 'high' } });
  });
});

/** Sessions know the second of their sign-in and no more: what is to be before it has to be in another one. */
async function untilNextSecond(): Promise<void> {
  const second = (): number => Math.floor(Date.now() / 1000);
  const begun = second();
  await eventually(
    async () => second(),
    (now) => now > begun,
  );
}
