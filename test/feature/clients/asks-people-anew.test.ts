import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureBuiltIns } from '../../../src/domain/access/ensure-built-ins.ts';
import { clientPatch } from '../../../src/domain/clients/client-input.ts';
import { createClientSecretKeeper } from '../../../src/domain/clients/client-secret-keeper.ts';
import { grantConsent } from '../../../src/domain/clients/consents.ts';
import { amendClient } from '../../../src/domain/lifecycle/amend-client.ts';
import { aProvider, operator, type TestProvider } from '../../support/provider.ts';
import { authorizeUrl, basic, obtainCode, pkce, post, redeem, TestBrowser } from '../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../support/provider-seed.ts';

const API = 'https://api.example';
const SCOPE = 'openid email orders:read';
const grant_types = ['authorization_code', 'refresh_token', 'client_credentials'];
const secret = 'a-secret-of-the-test';

let idp: TestProvider;
let alice: string;
let clientId: string;
let count = 0;

beforeAll(async () => {
  idp = await aProvider();
  await idp.transact(operator, ensureBuiltIns);
  await addResourceServer(idp, { identifier: API, format: 'jwt', permissions: ['orders:read'] });
  alice = await addUser(idp, { userName: 'alice' });
  await allow(idp, { subject: { userId: alice }, resource: API, values: ['orders:read'] });
});
beforeEach(async () => {
  count += 1;
  clientId = `app-${count}`;
  await addClient(idp, { clientId, secret, firstParty: true, metadata: { grant_types, scope: `${SCOPE} phone` } });
  await allow(idp, { subject: { clientId }, resource: API, values: ['orders:read'] });
});
afterAll(() => idp.end());

const amend = (patch: object) =>
  idp.transact({ ...operator, requestId: clientId }, (tx) =>
    amendClient(tx, { clientId, patch: clientPatch.parse(patch), keeper: createClientSecretKeeper(idp.keyRing) }),
  );

/** Everything the client holds for alice, and for itself. */
async function held() {
  const authorization = basic(clientId, secret);
  const userinfo = await redeem(
    idp,
    await obtainCode(idp, { clientId, scope: SCOPE }, { accountId: alice }),
    authorization,
  );
  const withResource = await obtainCode(idp, { clientId, scope: SCOPE, resource: API }, { accountId: alice });
  const jwt = await redeem(idp, withResource, authorization);
  const unused = await obtainCode(idp, { clientId, scope: SCOPE }, { accountId: alice });
  const own = await post(idp, '/token', { grant_type: 'client_credentials' }, { authorization });
  const isActive = async (token: unknown) =>
    (await post(idp, '/introspect', { token: String(token) }, { authorization })).body.active;
  return {
    own: () => isActive(own.body.access_token),
    people: async () => ({
      opaque: await isActive(userinfo.body.access_token),
      jwt: await isActive(jwt.body.access_token),
      refresh: await isActive(userinfo.body.refresh_token),
      redeemed: (await redeem(idp, unused, authorization)).status === 200,
    }),
  };
}

const ended = { opaque: false, jwt: false, refresh: false, redeemed: false };
const kept = { opaque: true, jwt: true, refresh: true, redeemed: true };
const eventsOf = async () =>
  (
    await idp.pool.query<{ type: string; reason: string | null }>(
      'SELECT type, reason FROM audit_events WHERE request_id = $1 ORDER BY type DESC',
      [clientId],
    )
  ).rows;

describe('a change of a client after which people have to be asked anew (ADR 0021)', () => {
  it.each([
    ['first-party → third-party', { first_party: false }, 'asks_for_consent'],
    ['a scope that allows less', { scope: 'openid email' }, 'scope_narrowed'],
  ])(
    '%s: what it holds for people ends, in one transaction with its event; what is its own stays',
    async (_, patch, reason) => {
      const before = await held();

      await amend(patch);

      expect(await before.people()).toEqual(ended);
      expect(await before.own()).toBe(true);
      expect(await eventsOf()).toEqual([
        { type: 'clients.updated', reason: null },
        { type: 'clients.grants-ended', reason },
      ]);
    },
  );

  it.each([
    ['another name', { client_name: 'Renamed' }],
    ['another redirect address beside', { redirect_uris: ['https://rp.example/callback', 'https://rp.example/2'] }],
    ['a scope that allows more', { scope: `${SCOPE} phone profile` }],
    ['a scope without a list', { scope: null }],
    ['the values in another order', { scope: `phone ${SCOPE}` }],
  ])('%s ends nothing', async (_, patch) => {
    const before = await held();

    await amend(patch);

    expect(await before.people()).toEqual(kept);
    expect(await eventsOf()).toEqual([{ type: 'clients.updated', reason: null }]);
  });

  it('who had consented is not asked again; who had not is', async () => {
    const bob = await addUser(idp, { userName: `bob-${count}` });
    const browsers = { alice: new TestBrowser(idp), bob: new TestBrowser(idp) };
    const ask = (browser: TestBrowser, accountId: string) =>
      browser.follow(authorizeUrl(idp, { clientId, scope: 'openid email' }, pkce().challenge), { accountId });
    await ask(browsers.alice, alice);
    await ask(browsers.bob, bob);
    await idp.transact(operator, (tx) =>
      grantConsent(tx, { userId: alice, clientId, scopes: ['openid', 'email'], claims: [], resourceScopes: {} }),
    );

    await amend({ first_party: false });

    expect((await ask(browsers.alice, alice)).location).toContain('code=');
    expect(JSON.parse((await ask(browsers.bob, bob)).body)).toMatchObject({ prompt: 'consent' });
  });
});
