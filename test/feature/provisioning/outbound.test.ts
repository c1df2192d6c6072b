import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { adminApi, type Json } from '../../support/admin-api.ts';
import { eventually } from '../../support/eventually.ts';
import { WebVisitor } from '../../support/web-visitor.ts';
import { password } from '../interaction/a-sign-in.ts';
import { ENTERPRISE, uniqueName } from '../scim/scim-api.ts';
import { aProvisioning, type Provisioning } from './a-provisioning.ts';

jest.setTimeout(90_000);

let world: Provisioning;

async function onProfile(userName: string) {
  const visitor = new WebVisitor(world.server);
  return { visitor, page: await visitor.signIn(await visitor.get('/account/profile'), userName, password) };
}

beforeAll(async () => {
  world = await aProvisioning();
});

afterAll(async () => {
  await world.close();
  expect(world.server.errors).toEqual([]);
});

describe('people who hold the group or role of a provisioning target have an account there (RFC 7644)', () => {
  it('joining makes it, a change of an attribute changes it, leaving disables it, coming back enables it', async () => {
    const { id, groupId } = await world.aTarget();
    const emails = [{ value: 'ann@example.com', type: 'work', primary: true }];
    const person = await world.aPerson({ name: { givenName: 'Ann', familyName: 'Lee' }, emails, title: 'not sent' });

    await world.join(groupId, person.id);
    const made = await world.accountOf(person.id, (account) => account !== undefined);
    await world.admin.patch(`/users/${person.id}`, { name: { familyName: 'Leigh' }, displayName: 'Ann Leigh' });
    const changed = await world.accountOf(person.id, (account) => account?.displayName === 'Ann Leigh');
    await world.leave(groupId, person.id);
    const disabled = await world.accountOf(person.id, (account) => account?.active === false);
    await world.join(groupId, person.id);
    const enabled = await world.accountOf(person.id, (account) => account?.active === true);

    expect(made).toMatchObject({
      userName: person.userName,
      externalId: person.id,
      active: true,
      name: { givenName: 'Ann', familyName: 'Lee' },
      emails: [{ value: 'ann@example.com', primary: true }],
    });
    expect(made).not.toHaveProperty('title');
    expect(changed).toMatchObject({ id: made?.id, name: { givenName: 'Ann', familyName: 'Leigh' } });
    expect(disabled).toMatchObject({ id: made?.id, active: false });
    expect(enabled).toMatchObject({ id: made?.id, active: true });
    await world.drained(id);
    const events = await world.admin.get(`/audit-events?target=${person.id}`);
    const types = (events.auditEvents as Json[]).map(({ type }) => type);
    for (const did of ['created', 'updated', 'deactivated']) expect(types).toContain(`provisioned-accounts.${did}`);
  });

  it('issue 5 item 10: the person sees what is linked to the account on /account/profile', async () => {
    const { id, groupId } = await world.aTarget();
    const { name } = await world.admin.get(`/provisioning-targets/${id}`);
    const externalId = uniqueName('hr');
    const person = await world.aPerson({ password, externalId });
    const { visitor, page: before } = await onProfile(person.userName);
    await world.join(groupId, person.id);
    await world.accountOf(person.id, (account) => account?.active === true);
    await world.drained(id);
    const after = await visitor.get('/account/profile');

    expect(before.html).toContain(externalId);
    expect(before.html).not.toContain(String(name));
    expect(after.html).toMatch(new RegExp(`${name}</bdi></dt><dd><bdi>linked since `));
  });

  it('a leaver: the receipt lists the target, and is complete when it has answered', async () => {
    const { id, groupId } = await world.aTarget();
    const person = await world.aPerson();
    await world.join(groupId, person.id);
    await world.accountOf(person.id, (account) => account?.active === true);
    await world.drained(id);

    await world.admin.patch(`/users/${person.id}`, { active: false });
    const account = await world.accountOf(person.id, (found) => found?.active === false);
    const receipt = await eventually(
      async () => {
        const answer = await world.admin.get(`/deprovisioning-receipts?userId=${person.id}`);
        return Object.values(answer).flat()[0] as Json;
      },
      ({ status }) => status === 'complete',
    );

    expect(account).toMatchObject({ active: false });
    expect(receipt).toMatchObject({ status: 'complete' });
    expect(receipt.targets).toContainEqual(expect.objectContaining({ kind: 'scim_target', id, state: 'done' }));
  });

  it('a role gives it as well: assigned, through a group, and through a role that inherits it', async () => {
    const role = await world.admin.post('/roles', { name: uniqueName('app-user') });
    const above = await world.admin.post('/roles', { name: uniqueName('lead'), inherits: [role.name] });
    const inner = await world.admin.post('/groups', { displayName: uniqueName('inner') });
    const outer = await world.admin.post('/groups', { displayName: uniqueName('outer') });
    await world.admin.post(`/groups/${outer.id}/members`, { members: [{ value: inner.id, type: 'Group' }] });
    await world.aTarget({ roleId: role.id });
    const people = await Promise.all([world.aPerson(), world.aPerson(), world.aPerson()]);
    const [direct, nested, inherited] = people.map((person) => person.id);

    await world.join(String(inner.id), String(nested));
    await world.admin.post('/role-assignments', { groupId: outer.id, roleId: role.id });
    await world.admin.post('/role-assignments', { userId: direct, roleId: role.id });
    await world.admin.post('/role-assignments', { userId: inherited, roleId: above.id });

    for (const person of [direct, nested, inherited])
      expect(await world.accountOf(String(person), (account) => account !== undefined)).toMatchObject({ active: true });
    await world.admin.delete(`/groups/${outer.id}/members/${inner.id}`);
    expect(await world.accountOf(String(nested), (account) => account?.active === false)).toMatchObject({
      active: false,
    });
    await world.admin.patch(`/roles/${above.id}`, { inherits: [] });
    expect(await world.accountOf(String(inherited), (account) => account?.active === false)).toMatchObject({
      active: false,
    });
  });

  it('time that passes is a change: a first day, and assignments that begin and end, make and disable the account', async () => {
    const role = await world.admin.post('/roles', { name: uniqueName('for-a-while') });
    await world.aTarget({ roleId: role.id });
    const soon = new Date(Date.now() + 1_000).toISOString();
    const [holder, starter] = [await world.aPerson(), await world.aPerson({ status: 'staged', startsAt: soon })];
    await world.admin.post('/role-assignments', { userId: starter.id, roleId: role.id });

    const { id } = await world.admin.post('/role-assignments', { userId: holder.id, roleId: role.id, startsAt: soon });
    const before = await world.accountOf(holder.id, () => true);
    const [begun, started] = await Promise.all(
      [holder, starter].map((person) => world.accountOf(person.id, (account) => account !== undefined)),
    );
    await world.admin.patch(`/role-assignments/${id}`, { endsAt: new Date(Date.now() + 1_000).toISOString() });
    const ended = await world.accountOf(holder.id, (account) => account?.active === false);

    expect(before).toBeUndefined();
    expect([begun, started, ended]).toMatchObject([{ active: true }, { active: true }, { active: false }]);
    const events = await world.admin.get(`/audit-events?target=${id}`);
    const types = (events.auditEvents as Json[]).map(({ type }) => type);
    expect(types.sort()).toEqual(['began', 'created', 'ended', 'updated'].map((did) => `role-assignments.${did}`));
  });

  it('the mapping says what is sent: other paths, extensions, the primary address as text', async () => {
    const mapping = {
      userName: 'primaryEmail',
      nickName: 'displayName',
      [`${ENTERPRISE}:department`]: `${ENTERPRISE}:costCenter`,
    };
    const { groupId } = await world.aTarget({ mapping });
    const address = `${uniqueName('bo')}@example.com`;
    const person = await world.aPerson({
      displayName: 'Bo',
      emails: [{ value: address }],
      [ENTERPRISE]: { costCenter: 'C4' },
    });

    await world.join(groupId, person.id);
    const account = await world.accountOf(person.id, (found) => found !== undefined);

    expect(account).toMatchObject({ userName: address, nickName: 'Bo', [ENTERPRISE]: { department: 'C4' } });
    expect(account).not.toHaveProperty('displayName');
    await world.admin.patch(`/users/${person.id}`, { displayName: null });
    expect(await world.accountOf(person.id, (found) => found?.nickName === undefined)).not.toHaveProperty('nickName');
  });

  it('an account there with the user name and without an externalId is taken over; with another externalId it is not', async () => {
    const { id, groupId } = await world.aTarget();
    const [mine, foreign] = [await world.aPerson(), await world.aPerson()];
    const before = await world.there.aUser({ userName: mine.userName.toUpperCase() });
    const other = await world.there.aUser({ userName: foreign.userName, externalId: 'somebody-else' });

    await world.join(groupId, mine.id);
    await world.join(groupId, foreign.id);
    const taken = await world.accountOf(mine.id, (account) => account !== undefined);
    const refused = await eventually(
      () =>
        world.server.foundation.read.query<{ error: string | null }>(
          `SELECT last_error AS error FROM outbox_messages WHERE target = $1 AND payload ->> 'userId' = $2`,
          [`scim:${id}`, foreign.id],
        ),
      ([message]) => message?.error != null,
    );

    expect(taken).toMatchObject({ id: before.id, externalId: mine.id });
    expect(refused).toMatchObject([{ error: expect.stringContaining('belongs to somebody else') }]);
    expect((await world.there.call('GET', `/Users/${other.id}`)).body).toMatchObject({ externalId: 'somebody-else' });
    await world.admin.delete(`/provisioning-targets/${id}`);
  });

  it('paused: what is due waits, and only what is true at the end is sent when it goes on', async () => {
    const { id, groupId } = await world.aTarget({ state: 'paused' });
    const [stays, goes] = [await world.aPerson(), await world.aPerson()];
    await world.join(groupId, stays.id);
    await world.join(groupId, goes.id);
    await world.leave(groupId, goes.id);
    const waiting = await world.server.foundation.read.query(
      `SELECT FROM outbox_messages WHERE target = $1 AND attempts = 0 AND available_at > now() + interval '1 year'`,
      [`scim:${id}`],
    );

    await world.admin.patch(`/provisioning-targets/${id}`, { state: 'active' });
    await world.drained(id);

    expect(waiting).toHaveLength(2);
    expect(await world.accountOf(stays.id, () => true)).toMatchObject({ active: true });
    expect(await world.accountOf(goes.id, () => true)).toBeUndefined();
  });

  it('with deprovisioning delete the account is deleted there, of a deleted person too', async () => {
    const { groupId } = await world.aTarget({ deprovisioning: 'delete' });
    const [one, other] = [await world.aPerson(), await world.aPerson()];
    for (const person of [one, other]) {
      await world.join(groupId, person.id);
      await world.accountOf(person.id, (account) => account !== undefined);
    }

    await world.leave(groupId, one.id);
    await world.admin.delete(`/users/${other.id}`);

    expect(await world.accountOf(one.id, (account) => account === undefined)).toBeUndefined();
    expect(await world.accountOf(other.id, (account) => account === undefined)).toBeUndefined();
  });
});

describe('SECURITY-LESSONS 14: what people are sent elsewhere is read there', () => {
  it('setting up a target, turning it elsewhere, or having its accounts compared asks for users:read as well', async () => {
    const { client_id: clientId, client_secret: secret } = await world.admin.post('/clients', {
      client_name: 'Provisioner of targets',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      permissions: [
        { resource: 'urn:doorward:admin', values: ['provisioning-targets:read', 'provisioning-targets:write'] },
      ],
    });
    const limited = await adminApi({
      url: world.server.issuer,
      client: { clientId: String(clientId), secret: String(secret) },
    });
    const { id, groupId } = await world.aTarget({ state: 'paused' });
    const { id: running } = await world.aTarget();
    const target = {
      name: 'mine',
      baseUrl: 'https://evil.example/scim',
      authentication: { type: 'bearer', token: 'x' },
    };

    const made = await limited.call('POST', '/provisioning-targets', { ...target, groupId });
    const turned = await limited.call('PATCH', `/provisioning-targets/${id}`, target);
    const more = await limited.call('PATCH', `/provisioning-targets/${id}`, {
      mapping: { userName: 'userName', title: 'primaryEmail' },
    });
    const compared = await limited.call('POST', `/provisioning-targets/${running}/reconciliations`, { dryRun: true });
    const named = await limited.call('PATCH', `/provisioning-targets/${id}`, { name: 'harmless' });

    for (const refused of [made, turned, more, compared])
      expect(refused).toMatchObject({ status: 403, body: { code: 'access.exceeds_own_permissions' } });
    expect(named.status).toBe(200);
  });
});

describe('the secret of a target', () => {
  it('is never shown, and another address is refused without it', async () => {
    const { id } = await world.aTarget({
      authentication: { type: 'bearer', token: 'a-secret-nobody-sees' },
      state: 'paused',
    });

    const shown = await world.admin.call('GET', `/provisioning-targets/${id}`);
    const moved = await world.admin.call('PATCH', `/provisioning-targets/${id}`, {
      baseUrl: 'https://evil.example/scim',
    });

    expect(shown.text).not.toContain('a-secret-nobody-sees');
    expect(moved).toMatchObject({ status: 422, body: { errors: [{ pointer: '/authentication' }] } });
    const events = await world.admin.call('GET', `/audit-events?target=${id}`);
    expect(events.text).not.toContain('a-secret-nobody-sees');
  });
});
