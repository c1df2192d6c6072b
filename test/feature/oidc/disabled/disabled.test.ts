import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endAllAccess } from '../../../../src/domain/sessions/end-all-access.ts';
import { endClientAccess } from '../../../../src/domain/sessions/end-client-access.ts';
import { markInactive } from '../../../../src/domain/users/mark-inactive.ts';
import type { UserStatus } from '../../../../src/domain/users/standing.ts';
import { aProvider, operator, type TestProvider } from '../../../support/provider.ts';
import {
  authorizeUrl,
  basic,
  obtainCode,
  pkce,
  post,
  redeem,
  type TestBrowser,
} from '../../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../../support/provider-seed.ts';

const API = 'https://api.example';
const secret = 'a-secret';
const resourceServer = basic(API, secret);
let idp: TestProvider;
let count = 0;
const clock = { aheadMs: 0, now: () => new Date(Date.now() + clock.aheadMs) };

beforeAll(async () => {
  idp = await aProvider({ clock });
  await addResourceServer(idp, { identifier: API, format: 'jwt', permissions: ['orders:read'] });
  await addClient(idp, { clientId: API, secret });
});

afterAll(() => idp.end());

/** Everything a person and a client can hold at one moment: what each entry point is then shown. */
async function everything() {
  count += 1;
  const clientId = `client-${count}`;
  const authorization = basic(clientId, secret);
  const grants = [
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:device_code',
  ];
  await addClient(idp, { clientId, secret, metadata: { grant_types: grants } });
  await allow(idp, { subject: { clientId }, resource: API, values: ['orders:read'] });
  const user = await addUser(idp, { userName: `user-${count}` });
  await allow(idp, { subject: { userId: user }, resource: API, values: ['orders:read'] });
  const request = { clientId, scope: 'openid offline_access orders:read' };
  const first = await obtainCode(idp, request, { accountId: user });
  const { body } = await redeem(idp, first, authorization);
  const jwt = await post(
    idp,
    '/token',
    { grant_type: 'refresh_token', refresh_token: String(body.refresh_token), resource: API },
    { authorization },
  );
  const service = await post(idp, '/token', { grant_type: 'client_credentials' }, { authorization });
  const pending = await obtainCode(idp, request, { accountId: user }, first.browser);
  const device = await deviceCode(authorization, user, first.browser);
  return {
    ...{ clientId, authorization, user, pending, device, browser: first.browser },
    accessToken: String(body.access_token),
    refreshToken: String(jwt.body.refresh_token),
    jwt: String(jwt.body.access_token),
    serviceToken: String(service.body.access_token),
  };
}

async function deviceCode(authorization: string, accountId: string, browser: TestBrowser) {
  const { body } = await post(idp, '/device/authorize', { scope: 'openid' }, { authorization });
  const entered = await browser.visit(String(body.verification_uri_complete));
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(entered.body)?.[1] ?? '';
  const form = new URLSearchParams({ xsrf, user_code: String(body.user_code), confirm: 'yes' });
  const init = { method: 'POST', body: form };
  const confirmed = await browser.visit('/device', { accountId }, init);
  if (confirmed.location) await browser.follow(confirmed.location, { accountId, decision: 'approve' });
  return String(body.device_code);
}

type Held = Awaited<ReturnType<typeof everything>>;

const entries = {
  'authorization_code grant': async ({ pending, authorization }: Held) =>
    (await redeem(idp, pending, authorization)).status,
  'introspection of the refresh token': ({ refreshToken, authorization }: Held) =>
    activity(refreshToken, authorization),
  'refresh_token grant': async ({ refreshToken, authorization }: Held) =>
    (await post(idp, '/token', { grant_type: 'refresh_token', refresh_token: refreshToken }, { authorization })).status,
  'device_code grant': async ({ device, authorization }: Held) => {
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: device };
    return (await post(idp, '/token', form, { authorization })).status;
  },
  userinfo: async ({ accessToken }: Held) =>
    (await fetch(`${idp.issuer}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })).status,
  'introspection of the opaque token': ({ accessToken, authorization }: Held) => activity(accessToken, authorization),
  'introspection of the JWT': ({ jwt }: Held) => activity(jwt, resourceServer),
  'our own doors': async ({ jwt }: Held) => ((await idp.host.accessTokens.verify(jwt)) ? 200 : 401),
  'a silent authorization request': async ({ clientId, browser }: Held) => {
    const { challenge } = pkce();
    const { location } = await browser.visit(authorizeUrl(idp, { clientId, prompt: 'none' }, challenge));
    return location !== undefined && new URL(location).searchParams.has('code') ? 200 : 400;
  },
  'the session of our own pages': async ({ browser }: Held) => {
    const { challenge } = pkce();
    const { location } = await browser.visit(authorizeUrl(idp, { clientId: API }, challenge));
    return location?.includes('/interaction/') ? 401 : 200;
  },
} as const;

const ofClient = {
  ...entries,
  'client_credentials grant': async ({ authorization }: Held) =>
    (await post(idp, '/token', { grant_type: 'client_credentials' }, { authorization })).status,
  'pushed authorization request': async ({ clientId, authorization }: Held) => {
    const { challenge } = pkce();
    const form = Object.fromEntries(new URL(authorizeUrl(idp, { clientId }, challenge)).searchParams);
    return (await post(idp, '/par', form, { authorization })).status === 201 ? 200 : 400;
  },
  'introspection of its service token': ({ serviceToken }: Held) => activity(serviceToken, resourceServer),
} as const;

async function activity(token: string, authorization: string): Promise<number> {
  const { body, status } = await post(idp, '/introspect', { token }, { authorization });
  return status === 200 && body.active === true ? 200 : 401;
}

async function disable({ user }: Held): Promise<void> {
  await idp.transact(operator, async (tx) => {
    await markInactive(tx, [user]);
    await endAllAccess(tx, { userId: user });
    tx.record({ type: 'users.deactivated', target: { type: 'user', id: user } });
  });
}

async function remove({ user }: Held): Promise<void> {
  await idp.transact(operator, async (tx) => {
    await endAllAccess(tx, { userId: user });
    await tx.query('DELETE FROM users WHERE id = $1', [user]);
    tx.record({ type: 'users.deleted', target: { type: 'user', id: user } });
  });
}

/** The state alone, as if the tokens had survived: every entry point checks it at use. */
async function disableWithoutEnding({ user }: Held): Promise<void> {
  await idp.transact(operator, async (tx) => {
    await markInactive(tx, [user]);
    tx.record({ type: 'users.deactivated', target: { type: 'user', id: user } });
  });
}

/** Whatever a client's end is made of, each by itself has to be enough (DESIGN §4: state is checked at use). */
const clientStates = {
  disabled: { enabled: false, accessValidFrom: true, endAccess: true },
  'disabled with tokens left over': { enabled: false, accessValidFrom: true, endAccess: false },
  'switched off, and nothing else': { enabled: false, accessValidFrom: false, endAccess: false },
};

async function endClient(
  { clientId }: Held,
  { enabled, accessValidFrom, endAccess }: (typeof clientStates)['disabled'],
): Promise<void> {
  await idp.transact(operator, async (tx) => {
    await tx.query('UPDATE clients SET enabled = $2, access_valid_from = $3 WHERE client_id = $1', [
      ...[clientId, enabled, accessValidFrom ? tx.now : null],
    ]);
    if (endAccess) await endClientAccess(tx, { clientId });
    tx.record({ type: 'clients.disabled', target: { type: 'client', id: clientId } });
    tx.announce({ topic: 'clients', key: clientId });
    tx.announce({ topic: 'access', key: `client:${clientId}` });
  });
}

const DAY_MS = 86_400_000;

/** A status or a day by itself, with every token left over: what is checked at use. */
const standing =
  (status: UserStatus, days: { startsAt?: number; endsAt?: number } = {}) =>
  async ({ user }: Held): Promise<void> => {
    const [startsAt, endsAt] = [days.startsAt, days.endsAt].map(
      (offset) => offset && new Date(clock.now().getTime() + offset),
    );
    await idp.transact(operator, async (tx) => {
      await tx.query('UPDATE users SET status = $2, starts_at = $3, ends_at = $4 WHERE id = $1', [
        ...[user, status, startsAt ?? null, endsAt ?? null],
      ]);
      tx.record({ type: 'users.updated', target: { type: 'user', id: user } });
      tx.announce({ topic: 'users', key: user });
    });
  };

/** Nothing happens on a last day: everyone who holds the person in memory has to see it by the clock. */
async function lastDayComes(held: Held): Promise<void> {
  await standing('active', { endsAt: 20_000 })(held);
  for (const entry of ['userinfo', 'introspection of the JWT', 'our own doors'] as const)
    expect(await entries[entry](held)).toBe(200);
  clock.aheadMs = 40_000;
}

const userStates = {
  disabled: disable,
  deleted: remove,
  'disabled with tokens left over': disableWithoutEnding,
  suspended: standing('suspended'),
  staged: standing('staged'),
  'staged until tomorrow': standing('staged', { startsAt: DAY_MS }),
  'active from tomorrow on': standing('active', { startsAt: DAY_MS }),
  'active until yesterday': standing('active', { endsAt: -DAY_MS }),
  'staged, with their days over': standing('staged', { startsAt: -2 * DAY_MS, endsAt: -DAY_MS }),
  'active, when the last day comes': lastDayComes,
};

const letIn = {
  'staged until yesterday': standing('staged', { startsAt: -DAY_MS }),
  'active from yesterday to tomorrow': standing('active', { startsAt: -DAY_MS, endsAt: DAY_MS }),
};

describe('a first and a last day count at use', () => {
  describe.each(Object.entries(letIn))('%s', (_, change) => {
    let held: Held;
    beforeAll(async () => {
      held = await everything();
      await change(held);
    });

    it.each(Object.entries(entries))('%s: open', async (_name, entry) => {
      expect(await entry(held)).toBe(200);
    });
  });
});

describe('SECURITY-LESSONS 9: a person who may not come in, at every entry point', () => {
  describe.each(Object.entries(userStates))('%s', (_, change) => {
    let before: Held;
    let held: Held;
    beforeAll(async () => {
      before = await everything();
      held = await everything();
      await change(held);
    });
    afterAll(() => {
      clock.aheadMs = 0;
    });

    it.each(Object.entries(entries))('%s: open before, refused after', async (_name, entry) => {
      expect(await entry(before)).toBe(200);
      expect(await entry(held)).toBeGreaterThanOrEqual(400);
    });
  });
});

describe('SECURITY-LESSONS 8: a disabled client, at every entry point', () => {
  const { 'the session of our own pages': _, ...entriesOfClient } = ofClient;
  describe.each(Object.entries(clientStates))('%s', (_state, change) => {
    let before: Held;
    let held: Held;
    beforeAll(async () => {
      before = await everything();
      held = await everything();
      await endClient(held, change);
    });

    it.each(Object.entries(entriesOfClient))('%s: open before, refused after', async (_name, entry) => {
      expect(await entry(before)).toBe(200);
      const status = await entry(held);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    });
  });
});
