import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMINISTRATOR_ROLE } from '../../../src/domain/access/admin-permissions.ts';
import { assignRole } from '../../../src/domain/access/assign-role.ts';
import { createRole } from '../../../src/domain/access/create-role.ts';
import { assignRoleWithin } from '../../../src/domain/access/organization-role-assignment.ts';
import { stopFactorRecoveries } from '../../../src/domain/credentials/factor-recoveries.ts';
import { deactivateUser } from '../../../src/domain/lifecycle/deactivate-user.ts';
import { foundGroup } from '../../../src/domain/lifecycle/fill-group.ts';
import { reactivateUser } from '../../../src/domain/lifecycle/reactivate-user.ts';
import { announceRecoveries, finishFactorRecovery } from '../../../src/domain/lifecycle/recover-second-factor.ts';
import { resetPassword } from '../../../src/domain/lifecycle/reset-password.ts';
import { takeBackAccount } from '../../../src/domain/lifecycle/take-back-account.ts';
import { createOrganization } from '../../../src/domain/organizations/create-organization.ts';
import { addOrganizationMembers } from '../../../src/domain/organizations/organization-members.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { newId, type RoleId, type UserId } from '../../../src/kernel/ids.ts';
import type { Tx } from '../../../src/persistence/unit-of-work.ts';
import { linkIn, mailsTo, outboxDrained } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import {
  aClient,
  aPerson as aPersonByPassword,
  authorizeUrl,
  callback,
  password,
  type TestClient,
} from '../interaction/a-sign-in.ts';
import { addPasskey, passkeyRows, passkeysPath, signedIn, useOn } from '../passkeys/a-passkey.ts';
import { aPersonWithTotp, codeNow, forgetUses } from './a-second-factor.ts';

const operator = { type: 'operator', id: 'test' } as const;
let server: RunningServer;
let app: TestClient;

beforeAll(async () => {
  server = await startServer();
  app = await aClient(server, { firstParty: true });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

type Person = { readonly user: User; readonly addresses: readonly string[] };

async function aPerson({ verified = true } = {}): Promise<Person> {
  const { user } = await aPersonWithTotp(server);
  const addresses = [`${user.id}@example.com`, `${user.id}@example.net`];
  const emails = addresses.map((value, index) => ({ value, primary: index === 0, verified }));
  await server.foundation.transact(operator, (tx) => updateUser(tx, { id: user.id, patch: { emails } }));
  return { user, addresses };
}

async function atCode(
  { user }: Person,
  visitor = new WebVisitor(server),
): Promise<{ visitor: WebVisitor; page: Page }> {
  const page = await visitor.signIn(await visitor.get(authorizeUrl(server, app)), user.userName, password);
  return { visitor, page };
}
async function atLost(person: Person): Promise<{ visitor: WebVisitor; page: Page }> {
  const { visitor, page } = await atCode(person);
  const code = await visitor.get(page.url.replace(/\/login$/, '').concat('/recovery-code'));
  return { visitor, page: await visitor.get(/href="([^"]+lost-factor)"/.exec(code.html)?.[1] ?? '') };
}
async function begun(person: Person): Promise<Page> {
  const { visitor, page } = await atLost(person);
  return visitor.submit(page, 'start', { start: 'yes' });
}

/** As if so many days had passed since somebody began to wait. */
const wait = ({ user }: Person, days: number) =>
  server.foundation.pool.query(
    `UPDATE factor_recoveries SET requested_at = requested_at - make_interval(days => $2),
       ripe_at = ripe_at - make_interval(days => $2), expires_at = expires_at - make_interval(days => $2) WHERE user_id = $1`,
    [user.id, days],
  );
const announce = () => announceRecoveries(server.foundation.transact, 7);

async function linkTo(address: string, subject: string): Promise<string> {
  await outboxDrained(server);
  const mail = (await mailsTo(server, address)).find((one) => one.subject === subject);
  return linkIn(mail ?? { text: '' }, `${server.issuer}/account/factor-recovery?token=`);
}
const READY = 'Your second step can be removed now';
const REMINDER = 'Your second step is still to be removed';
const STARTED = 'Your second step is to be removed';
const tokenIn = (link: string): string => new URL(link).searchParams.get('token') ?? '';
const decide = async (link: string, decision: 'stop' | 'remove'): Promise<Page> =>
  new WebVisitor(server).post('/account/factor-recovery', { token: tokenIn(link), decision });
const hasFactor = async ({ user }: Person): Promise<boolean> =>
  (await server.foundation.read.query('SELECT FROM totp_credentials WHERE user_id = $1', [user.id])).length === 1;
const events = async ({ user }: Person, type: string): Promise<readonly object[]> =>
  server.foundation.read.query('SELECT reason, details FROM audit_events WHERE type = $1 AND target_id = $2', [
    type,
    user.id,
  ]);

describe('issue 5 items 1, 8: whoever has passkeys alone and has lost them', () => {
  async function aPersonWithLostPasskey() {
    const user = await aPersonByPassword(server);
    const address = `${user.id}@example.com`;
    const emails = [{ value: address, primary: true, verified: true }];
    await server.foundation.transact(operator, (tx) => updateUser(tx, { id: user.id, patch: { emails } }));
    const { authenticator } = await addPasskey(server, await signedIn(server, user));
    return { user, addresses: [address], address, authenticator };
  }
  const lostOn = ({ html }: Page): string => /href="([^"]+lost-factor)"/.exec(html)?.[1] ?? '';

  it('begins to wait where the account pages ask for two factors, and changes their ways of signing in afterwards', async () => {
    const person = await aPersonWithLostPasskey();
    const visitor = await signedIn(server, person.user);
    const asked = await visitor.get(passkeysPath);

    const started = await visitor.submit(await visitor.get(lostOn(asked)), 'start', { start: 'yes' });
    expect(titleOf(started)).toContain('The waiting time has begun');
    expect(await linkTo(person.address, STARTED)).toBeTruthy();
    await wait(person, 7);
    await announce();
    await decide(await linkTo(person.address, READY), 'remove');

    expect(await passkeyRows(server, person.user.id)).toEqual([]);
    expect(titleOf(await (await signedIn(server, person.user)).get(passkeysPath))).toContain('Passkeys');
  });

  it('the passkey, once found, ends the waiting', async () => {
    const person = await aPersonWithLostPasskey();
    const visitor = await signedIn(server, person.user);
    const asked = await visitor.get(passkeysPath);
    await visitor.submit(await visitor.get(lostOn(asked)), 'start', { start: 'yes' });

    const other = new WebVisitor(server);
    await useOn(other, await other.get('/account/sign-in'), person.authenticator);

    expect(await events(person, 'factor-recoveries.stopped')).toMatchObject([{ details: { by: 'factor_used' } }]);
  });

  it('SECURITY-LESSONS 23: without the password nothing is offered, and nothing begins', async () => {
    const person = await aPersonWithLostPasskey();
    const visitor = new WebVisitor(server);
    const page = await visitor.get(authorizeUrl(server, app, { login_hint: person.user.userName }));

    const forced = await visitor.post(page.url.replace(/\/login$/, '').concat('/lost-factor'), { start: 'yes' });

    expect([lostOn(page), titleOf(forced)]).toEqual(['', expect.stringContaining('Sign in')]);
    expect(await events(person, 'factor-recoveries.requested')).toEqual([]);
  });
});

describe('issue 5 item 8: a lost second factor is removed after an announced delay', () => {
  it('begins after the password, tells every address, and removes it when the days are over and nobody objected', async () => {
    const person = await aPerson();

    const started = await begun(person);
    for (const address of person.addresses) expect(await linkTo(address, STARTED)).toBeTruthy();
    await wait(person, 7);
    await announce();
    const link = await linkTo(person.addresses[0] ?? '', READY);
    const shown = await new WebVisitor(server).get(link);
    const before = await hasFactor(person);
    const done = await decide(link, 'remove');

    expect(titleOf(started)).toContain('The waiting time has begun');
    expect(shown.html).toContain('Remove the second step');
    expect(titleOf(done)).toContain('The second step is removed');
    expect([before, await hasFactor(person)]).toEqual([true, false]);
    expect(callback((await atCode(person)).page.url).code).toBeDefined();
    for (const type of ['requested', 'ripened', 'completed'])
      expect([type, await events(person, `factor-recoveries.${type}`)]).toEqual([type, [expect.anything()]]);
    expect(await events(person, 'second-factors.removed')).toHaveLength(1);
    await outboxDrained(server);
    expect((await mailsTo(server, person.addresses[0] ?? '')).map(({ subject }) => subject)).toContain(
      'How you sign in was changed',
    );
  });

  it('half-way each address is told once more, once, with a link that stops it', async () => {
    const [person, early] = [await aPerson(), await aPerson()];
    for (const one of [person, early]) await begun(one);
    await wait(person, 4);
    await wait(early, 3);
    await announce();
    await announce();

    const links = await Promise.all(person.addresses.map((address) => linkTo(address, REMINDER)));
    const mails = await mailsTo(server, person.addresses[0] ?? '');
    const stopped = await decide(links[1] ?? '', 'stop');
    await wait(person, 3);
    await announce();

    expect(mails.filter(({ subject }) => subject === REMINDER)).toHaveLength(1);
    expect(await events(early, 'factor-recoveries.reminded')).toEqual([]);
    expect([stopped.status, await hasFactor(person)]).toEqual([200, true]);
    expect(await events(person, 'factor-recoveries.reminded')).toHaveLength(1);
    expect(await events(person, 'factor-recoveries.ripened')).toEqual([]);
  });

  it('is not ready, and cannot be finished, a moment before', async () => {
    const person = await aPerson();
    await begun(person);
    await wait(person, 7);
    await announce();
    const link = await linkTo(person.addresses[0] ?? '', READY);
    await server.foundation.pool.query(
      `UPDATE factor_recoveries SET ripe_at = now() + interval '1 minute', told_at = NULL WHERE user_id = $1`,
      [person.user.id],
    );

    await announce();
    const answer = await decide(link, 'remove');

    expect(await events(person, 'factor-recoveries.ripened')).toHaveLength(1);
    expect([answer.status, await hasFactor(person)]).toEqual([410, true]);
    expect(await events(person, 'factor-recoveries.refused')).toEqual([{ reason: 'not_ripe', details: null }]);
  });

  it.each([
    ['longer days', 14],
    ['none at all', 0],
  ])('the days of now count when it is finished: %s', async (_, days) => {
    const person = await aPerson();
    await begun(person);
    await wait(person, 7);
    await announce();
    const token = tokenIn(await linkTo(person.addresses[0] ?? '', READY));

    const outcome = await server.foundation.transact(operator, (tx) => finishFactorRecovery(tx, { token, days }));

    expect([outcome.outcome, await hasFactor(person)]).toEqual(['refused', true]);
  });

  const objections: Readonly<Record<string, { by: string; object: (person: Person) => Promise<unknown> }>> = {
    'the link to either mailbox': {
      by: 'mail',
      object: async ({ addresses }) => decide(await linkTo(addresses[1] ?? '', STARTED), 'stop'),
    },
    'a second person, an administrator': {
      by: 'administrator',
      object: ({ user }) =>
        server.foundation.transact(operator, (tx) =>
          stopFactorRecoveries(tx, { userIds: [user.id], by: 'administrator' }),
        ),
    },
    'a sign-in with the factor': {
      by: 'factor_used',
      object: async (person) => {
        const { visitor, page } = await atCode(person);
        await visitor.submit(page, 'code', { code: codeNow() });
      },
    },
    'another password': {
      by: 'password_changed',
      object: async ({ user }) => {
        const hash = await server.foundation.hashing.hashPassword('nine badgers count the rain');
        await server.foundation.transact(operator, (tx) => resetPassword(tx, { userId: user.id, hash }));
      },
    },
    '"that was not me"': {
      by: 'taken_back',
      object: ({ user, addresses }) =>
        server.foundation.transact(operator, (tx) =>
          takeBackAccount(tx, { userId: user.id, addressKey: addresses[0] ?? '' }),
        ),
    },
    'that the person left': {
      by: 'left',
      object: async ({ user }) => {
        await server.foundation.transact(operator, (tx) => deactivateUser(tx, { userId: user.id }));
        await server.foundation.transact(operator, (tx) => reactivateUser(tx, { userId: user.id }));
      },
    },
  };
  it.each(Object.keys(objections))('is stopped by %s, before the days are over and after', async (name) => {
    const { by, object } = objections[name] ?? { by: '', object: async () => undefined };
    const [early, late] = [await aPerson(), await aPerson()];
    await begun(early);
    await begun(late);
    await wait(late, 7);
    await announce();
    const ready = await linkTo(late.addresses[0] ?? '', READY);

    for (const person of [early, late]) await object(person);
    await wait(early, 7);
    await announce();
    const answer = await decide(ready, 'remove');

    expect(answer.status).toBe(410);
    for (const person of [early, late]) {
      expect(await events(person, 'factor-recoveries.stopped')).toEqual([{ reason: null, details: { by } }]);
      expect(await hasFactor(person)).toBe(true);
    }
    expect(await events(early, 'factor-recoveries.ripened')).toEqual([]);
  });

  it('any signed-in session sees it and stops it', async () => {
    const person = await aPerson();
    const { visitor, page } = await atCode(person);
    await visitor.submit(page, 'code', { code: codeNow() });
    await forgetUses(server, person.user.id);
    await begun(person);

    const account = await visitor.get('/account');
    const after = await visitor.submit(account, 'stop', {});

    expect(account.html).toContain('Removing your second step');
    expect(after.html).not.toContain('Removing your second step');
    expect(await events(person, 'factor-recoveries.stopped')).toEqual([{ reason: null, details: { by: 'session' } }]);
  });

  it('asking again neither hastens nor delays it, and tells nobody twice; GET uses nothing up', async () => {
    const person = await aPerson();
    await begun(person);
    await begun(person);
    const link = await linkTo(person.addresses[0] ?? '', STARTED);
    await new WebVisitor(server).request(link, { method: 'HEAD' });
    const shown = await new WebVisitor(server).get(link);

    expect(await events(person, 'factor-recoveries.requested')).toHaveLength(1);
    expect(
      (await mailsTo(server, person.addresses[0] ?? '')).filter(({ subject }) => subject === STARTED),
    ).toHaveLength(1);
    expect([shown.status, (await decide(link, 'stop')).status]).toEqual([200, 200]);
    expect([(await decide(link, 'stop')).status, (await new WebVisitor(server).get(link)).status]).toEqual([410, 410]);
  });

  it('the link that stops does not finish', async () => {
    const person = await aPerson();
    await begun(person);
    const link = await linkTo(person.addresses[0] ?? '', STARTED);
    await wait(person, 7);

    expect([(await decide(link, 'remove')).status, await hasFactor(person)]).toEqual([410, true]);
  });

  it('SECURITY-LESSONS 23, 24: without the password, or with a form of elsewhere, nothing begins', async () => {
    const person = await aPerson();
    const { page } = await atLost(person);
    const stranger = new WebVisitor(server);
    const fresh = await stranger.get(authorizeUrl(server, app));
    const { csrf = '' } = fresh.forms[0]?.hidden ?? {};

    const answer = await stranger.post(`${fresh.url}/lost-factor`, { csrf, start: 'yes' });
    await stranger.post(page.url, { start: 'yes' });
    const again = await atLost(person);
    const forged = await again.visitor.post(again.page.url, { start: 'yes', csrf: 'made-up' });
    const empty = await again.visitor.submit(again.page, 'start', {});

    expect(titleOf(answer)).toContain('Sign in');
    expect([forged.status, empty.status]).toEqual([422, 200]);
    expect(await events(person, 'factor-recoveries.requested')).toEqual([]);
  });

  it('not for whoever cannot be told', async () => {
    const person = await aPerson({ verified: false });

    expect((await begun(person)).status).toBe(422);
    expect(await events(person, 'factor-recoveries.refused')).toMatchObject([{ reason: 'no_address' }]);
    expect(await events(person, 'factor-recoveries.requested')).toEqual([]);
  });

  const delegated = (tx: Tx, resource = 'urn:doorward:admin', values = ['users:write']) =>
    createRole(tx, { name: `delegated ${newId(Date.now())}`, permissions: [{ resource, values }], inherits: [] });
  const powers: Readonly<Record<string, (tx: Tx, userId: UserId) => Promise<unknown>>> = {
    'the role administrator': async (tx, userId) => {
      const [role] = await tx.query<{ id: RoleId }>('SELECT id FROM roles WHERE name = $1', [ADMINISTRATOR_ROLE]);
      if (role) await assignRole(tx, { roleId: role.id, userId });
    },
    'one permission of the admin API, for a while': async (tx, userId) =>
      assignRole(tx, { roleId: (await delegated(tx)).id, userId, endsAt: new Date(tx.now.getTime() + 60_000) }),
    'one that is still to begin': async (tx, userId) =>
      assignRole(tx, { roleId: (await delegated(tx)).id, userId, startsAt: new Date(tx.now.getTime() + 60_000) }),
    'SCIM, by a group': async (tx, userId) => {
      const { id: roleId } = await delegated(tx, 'urn:doorward:scim', ['scim:write']);
      const group = await foundGroup(tx, { input: { displayName: `g ${userId}` }, userIds: [userId] });
      await assignRole(tx, { roleId, groupId: group.id });
    },
    'one organization': async (tx, userId) => {
      const { id: organizationId } = await createOrganization(tx, { name: `o ${userId}` });
      await addOrganizationMembers(tx, { organizationId, userIds: [userId] });
      await assignRoleWithin(tx, { organizationId, roleId: (await delegated(tx)).id, userId });
    },
  };
  it.each(Object.keys(powers))('not for whoever has power over others, at the beginning or since: %s', async (name) => {
    const [early, late] = [await aPerson(), await aPerson()];
    await begun(late);
    for (const { user } of [early, late])
      await server.foundation.transact(operator, async (tx) => powers[name]?.(tx, user.id));
    await wait(late, 7);
    await announce();
    const link = await linkTo(late.addresses[0] ?? '', READY);

    expect([(await begun(early)).status, (await decide(link, 'remove')).status]).toEqual([422, 410]);
    expect(await events(early, 'factor-recoveries.refused')).toMatchObject([{ reason: 'administrator' }]);
    expect(await events(late, 'factor-recoveries.refused')).toMatchObject([{ reason: 'not_allowed' }]);
    expect([await hasFactor(early), await hasFactor(late)]).toEqual([true, true]);
  });

  // Last: so many refusals of strangers in one minute are summed up (ADR 0020).
  it('of 50 uses at once, one finishes', async () => {
    const person = await aPerson();
    await begun(person);
    await wait(person, 7);
    await announce();
    const link = await linkTo(person.addresses[0] ?? '', READY);

    const answers = await Promise.all(Array.from({ length: 50 }, () => decide(link, 'remove')));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe('DOORWARD_FACTOR_RECOVERY_DAYS=0', () => {
  it('offers nothing, and takes nothing', async () => {
    const strict = await startServer({ env: { DOORWARD_FACTOR_RECOVERY_DAYS: '0' } });
    const client = await aClient(strict, { firstParty: true });
    const { user } = await aPersonWithTotp(strict);
    const visitor = new WebVisitor(strict);
    const page = await visitor.signIn(await visitor.get(authorizeUrl(strict, client)), user.userName, password);
    const code = await visitor.get(page.url.replace(/\/login$/, '').concat('/recovery-code'));
    const { csrf = '' } = code.forms[0]?.hidden ?? {};

    const answer = await visitor.post(code.url.replace('recovery-code', 'lost-factor'), { csrf, start: 'yes' });

    expect(code.html).not.toContain('lost-factor');
    expect(titleOf(answer)).toContain('Enter your code');
    expect(await strict.foundation.read.query('SELECT FROM factor_recoveries')).toEqual([]);
    await strict.stop();
  });
});
