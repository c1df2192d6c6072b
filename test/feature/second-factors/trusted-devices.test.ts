import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acr } from '../../../src/domain/authentication/next-factor.ts';
import { removeTotp, takeSecondFactors } from '../../../src/domain/lifecycle/change-second-factors.ts';
import { deactivateUser } from '../../../src/domain/lifecycle/deactivate-user.ts';
import { reactivateUser } from '../../../src/domain/lifecycle/reactivate-user.ts';
import { resetPassword } from '../../../src/domain/lifecycle/reset-password.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';
import { aPersonWithTotp, codeNow, forgetUses, giveTotp } from './a-second-factor.ts';

const operator = { type: 'operator', id: 'test' } as const;
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
let database: TestDatabase;
let server: RunningServer;
let app: TestClient;
let keysDir: string;

beforeAll(async () => {
  database = await freshDatabase();
  keysDir = await mkdtemp(join(tmpdir(), 'doorward-test-keys-'));
  server = await startServer({ database, keysDir, env: { DOORWARD_TRUSTED_DEVICE_DAYS: '30' } });
  app = await aClient(server, { firstParty: true });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
  await database.drop();
  await rm(keysDir, { recursive: true });
});

const atPassword = async (visitor: WebVisitor, { userName }: User, more = {}): Promise<Page> => {
  const page = await visitor.get(authorizeUrl(server, app, more));
  return visitor.signIn(page, userName, password);
};

/** A browser that its person trusts; another sign-in in it begins without a session. */
async function trusting(user: User, fields: Record<string, string> = { trust: 'yes' }): Promise<WebVisitor> {
  const visitor = new WebVisitor(server, { userAgent: firefox });
  await visitor.submit(await atPassword(visitor, user), 'code', { code: codeNow(), ...fields });
  await forgetUses(server, user.id);
  return signedOut(visitor);
}
/** The same browser, where nobody is signed in. */
function signedOut(visitor: WebVisitor): WebVisitor {
  const again = new WebVisitor(server, { userAgent: firefox });
  again.plant('doorward_device', visitor.cookie('doorward_device') ?? '');
  return again;
}
const isAsked = (page: Page): boolean => titleOf(page).includes('Enter your code');
const events = (user: User, type: string) =>
  server.foundation.read.query<{ details: Record<string, unknown> }>(
    'SELECT details FROM audit_events WHERE type = $1 AND target_id = $2 ORDER BY occurred_at, id',
    [type, user.id],
  );

describe('issue 5 item 2: trusted devices', () => {
  it('whoever asked for it is not asked for a code again there, and the sign-in says that it was a password alone', async () => {
    const { user } = await aPersonWithTotp(server);
    const visitor = await trusting(user);

    const end = await atPassword(visitor, user);

    expect(callback(end.url).code).toBeDefined();
    const [session] = await server.foundation.read.query<{ acr: string; amr: string[] }>(
      `SELECT payload::jsonb ->> 'acr' AS acr, payload::jsonb -> 'amr' AS amr FROM provider_records
       WHERE model = 'Session' AND account_id = $1 ORDER BY created_at DESC LIMIT 1`,
      [user.id],
    );
    expect(session).toEqual({ acr: acr.password, amr: ['pwd'] });
    expect((await events(user, 'sign-ins.succeeded')).at(-1)?.details).toEqual({ amr: ['pwd'], trustedDevice: true });
    expect(await events(user, 'trusted-devices.added')).toEqual([{ details: { days: 30 } }]);
  });

  it('who asks for two factors gets them there too, and a sensitive change as well', async () => {
    const { user } = await aPersonWithTotp(server);
    const visitor = await trusting(user);

    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: acr.twoFactors } } });
    const asked = [
      await atPassword(signedOut(visitor), user, { acr_values: acr.twoFactors }),
      await atPassword(signedOut(visitor), user, { claims }),
    ];
    await atPassword(visitor, user);
    const account = await visitor.get('/account/second-factors');

    expect(asked.map(isAsked)).toEqual([true, true]);
    expect(isAsked(account)).toBe(true);
  });

  it.each([
    ['without the wish', {}],
    ['with another word', { trust: 'no' }],
  ])('%s nothing is trusted', async (_, fields) => {
    const { user } = await aPersonWithTotp(server);

    expect(isAsked(await atPassword(await trusting(user, fields), user))).toBe(true);
  });

  it('a recovery code makes no browser trusted, whatever the form says', async () => {
    const { user, recoveryCodes } = await aPersonWithTotp(server);
    const visitor = new WebVisitor(server);
    const page = await atPassword(visitor, user);
    const other = await visitor.get(/href="([^"]+recovery-code)"/.exec(page.html)?.[1] ?? '');
    await visitor.submit(other, 'code', { code: recoveryCodes[0] ?? '', trust: 'yes' });

    expect(other.html).not.toContain('name="trust"');
    expect(isAsked(await atPassword(signedOut(visitor), user))).toBe(true);
  });

  it('a wrong code trusts nothing', async () => {
    const { user } = await aPersonWithTotp(server);
    const visitor = new WebVisitor(server);
    const again = await visitor.submit(await atPassword(visitor, user), 'code', { code: '12', trust: 'yes' });

    expect(isAsked(again)).toBe(true);
    expect(await events(user, 'trusted-devices.added')).toEqual([]);
  });

  it('SECURITY-LESSONS 25: a cookie that was copied before is worth nothing after', async () => {
    const { user } = await aPersonWithTotp(server);
    const known = await trusting(user, {});
    const copied = signedOut(known);
    await known.submit(await atPassword(known, user), 'code', { code: codeNow(), trust: 'yes' });
    await forgetUses(server, user.id);

    expect(isAsked(await atPassword(copied, user))).toBe(true);
    expect(isAsked(await atPassword(signedOut(known), user))).toBe(false);
  });

  it('trust is of one person: another one in the same browser is asked', async () => {
    const { user } = await aPersonWithTotp(server);
    const other = await aPersonWithTotp(server);

    expect(isAsked(await atPassword(await trusting(user), other.user))).toBe(true);
  });

  const endings: Readonly<Record<string, (user: User) => Promise<unknown>>> = {
    'the days are over': ({ id }) =>
      server.foundation.pool.query(
        `UPDATE known_devices SET trusted_at = trusted_at - interval '30 days 1 second' WHERE user_id = $1`,
        [id],
      ),
    'an administrator sets the password': async ({ id }) => {
      const hash = await server.foundation.hashing.hashPassword(password);
      await server.foundation.transact(operator, (tx) => resetPassword(tx, { userId: id, hash }));
    },
    'the person left and came back': async ({ id }) => {
      await server.foundation.transact(operator, (tx) => deactivateUser(tx, { userId: id }));
      await server.foundation.transact(operator, (tx) => reactivateUser(tx, { userId: id }));
    },
    'the app was removed and another set up': async ({ id }) => {
      await server.foundation.transact(operator, (tx) => removeTotp(tx, id));
      await giveTotp(server, id);
    },
    'an administrator took the factors away': async ({ id }) => {
      await server.foundation.transact(operator, (tx) => takeSecondFactors(tx, id));
      await giveTotp(server, id);
    },
  };
  it.each(Object.keys(endings))('ends when %s', async (name) => {
    const { user } = await aPersonWithTotp(server);
    const visitor = await trusting(user);

    await endings[name]?.(user);

    expect(isAsked(await atPassword(visitor, user))).toBe(true);
  });

  it('turned off by the operator, what was trusted before counts no more', async () => {
    const { user } = await aPersonWithTotp(server);
    const visitor = await trusting(user);
    const { issuer } = server;
    const strict = await startServer({ database, keysDir, issuer });
    const elsewhere = new WebVisitor({ ...strict, issuer });
    elsewhere.plant('doorward_device', visitor.cookie('doorward_device') ?? '');

    const page = await elsewhere.signIn(await elsewhere.get(authorizeUrl(strict, app)), user.userName, password);

    expect(isAsked(page)).toBe(true);
    expect(page.html).not.toContain('name="trust"');
    await strict.stop();
  });

  it('is seen and ended on the devices page', async () => {
    const { user } = await aPersonWithTotp(server);
    const visitor = await trusting(user);
    await atPassword(visitor, user);
    const page = await visitor.get('/account/devices');

    const after = await visitor.submit(page, 'device', {});

    expect(page.html).toContain('Browsers without the second step');
    expect(page.html).toContain('Firefox on Linux');
    expect(after.html).toContain('You are asked for the second step in that browser again');
    expect(after.html).not.toContain('Browsers without the second step');
    expect(await events(user, 'trusted-devices.removed')).toHaveLength(1);
    expect(isAsked(await atPassword(signedOut(visitor), user))).toBe(true);
  });

  it('that of somebody else cannot be ended', async () => {
    const { user } = await aPersonWithTotp(server);
    const visitor = await trusting(user);
    await atPassword(visitor, user);
    const { device = '' } = formWith(await visitor.get('/account/devices'), 'device').hidden;
    const { user: other } = await aPersonWithTotp(server);
    const stranger = await trusting(other);
    await atPassword(stranger, other);

    await stranger.submit(await stranger.get('/account/devices'), 'device', { device });

    expect(isAsked(await atPassword(signedOut(visitor), user))).toBe(false);
  });
});
