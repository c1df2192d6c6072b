import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '../../../src/domain/users/user.ts';
import { type AdminApi, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, WebVisitor } from '../../support/web-visitor.ts';
import { aPerson, password } from '../interaction/a-sign-in.ts';

let server: RunningServer;
let admin: AdminApi;
let count = 0;

beforeAll(async () => {
  server = await startServer();
  admin = await adminApi({
    url: server.issuer,
    client: await addAdminClient(server.configuration.databaseUrl ?? ''),
  });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

type Owned = { readonly groupId: string; readonly name: string; readonly owner: User; readonly visitor: WebVisitor };

async function anOwner(more: Record<string, unknown> = {}): Promise<Owned> {
  count += 1;
  const name = `Shift ${count}`;
  const owner = await aPerson(server);
  const group = await admin.post('/groups', { displayName: name, ...more });
  const visitor = new WebVisitor(server);
  await visitor.signIn(await visitor.get('/account'), owner.userName, password);
  return { groupId: String(group.id), name, owner, visitor };
}

const own = ({ groupId, owner }: Owned) =>
  admin.call('POST', `/groups/${groupId}/owners`, { owners: [{ value: owner.id }] });
const pageOf = ({ groupId, visitor }: Owned): Promise<Page> => visitor.get(`/account/groups?group=${groupId}`);
const add = async (owned: Owned, typed: string): Promise<Page> =>
  owned.visitor.submit(await pageOf(owned), 'name', { name: typed });
const membersOf = async ({ groupId }: Owned) => {
  const { members } = await admin.get(`/groups/${groupId}/members`);
  return (members as { value: string }[]).map(({ value }) => value);
};

describe('issue 4 item 2: owners of groups say who is in them', () => {
  it('an administrator names them; they see their group, put somebody in by exact name, take them out and put them back', async () => {
    const owned = await anOwner();
    const person = await aPerson(server);
    expect((await owned.visitor.get('/account')).html).not.toContain('/account/groups');
    expect((await own(owned)).status).toBe(204);

    expect((await owned.visitor.get('/account')).html).toContain('/account/groups');
    expect((await owned.visitor.get('/account/groups')).html).toContain(owned.name);
    const added = await add(owned, ` ${person.userName.toUpperCase()} `);
    expect([added.status, await membersOf(owned)]).toEqual([200, [person.id]]);
    const removed = await owned.visitor.submit(added, 'member', {});
    expect([removed.status, await membersOf(owned)]).toEqual([200, []]);
    const back = await owned.visitor.submit(removed, 'member', {});
    expect([back.status, await membersOf(owned)]).toEqual([200, [person.id]]);

    const events = await server.foundation.read.query<{ type: string }>(
      'SELECT type FROM audit_events WHERE target_id = $1 AND actor_id = $2',
      [owned.groupId, owned.owner.id],
    );
    expect(events.map(({ type }) => type).sort()).toEqual([
      'group-members.added',
      'group-members.added',
      'group-members.removed',
    ]);
    expect((await admin.get(`/groups/${owned.groupId}/owners`)).owners).toMatchObject([{ value: owned.owner.id }]);
  });

  it('whoever is no owner, no longer one, or asks for another group changes nothing and sees nothing', async () => {
    const [owned, other] = [await anOwner(), await anOwner()];
    await own(owned);
    await own(other);
    const person = await aPerson(server);
    const page = await pageOf(owned);

    const foreign = await owned.visitor.submit(page, 'name', { name: person.userName, group: other.groupId });
    expect([foreign.html.includes(other.name), await membersOf(other)]).toEqual([false, []]);
    expect((await owned.visitor.get(`/account/groups?group=${other.groupId}`)).html).not.toContain(other.name);
    expect((await owned.visitor.get('/account/groups?group=nonsense')).status).toBe(200);

    expect((await admin.call('DELETE', `/groups/${owned.groupId}/owners/${owned.owner.id}`)).status).toBe(204);
    expect((await admin.call('DELETE', `/groups/${owned.groupId}/owners/${owned.owner.id}`)).status).toBe(404);
    await owned.visitor.submit(page, 'name', { name: person.userName });
    expect(await membersOf(owned)).toEqual([]);
    expect((await pageOf(owned)).html).not.toContain(owned.name);
  });

  it('SECURITY-LESSONS 21: a name is answered alike when nobody has it and when its person may not be in the group', async () => {
    const organization = await admin.post('/organizations', { name: 'Shifts' });
    const owned = await anOwner({ organizationId: organization.id });
    await admin.call('POST', `/organizations/${organization.id}/members`, { members: [{ value: owned.owner.id }] });
    await own(owned);
    const outside = await aPerson(server);

    const [nobody, stranger] = [await add(owned, 'nobody@example.com'), await add(owned, outside.userName)];
    const shown = ({ html }: Page, typed: string) =>
      html.replaceAll(typed, '').replace(/name="csrf" value="[^"]*"/g, '');
    expect([nobody.status, stranger.status]).toEqual([422, 422]);
    expect(shown(stranger, outside.userName)).toBe(shown(nobody, 'nobody@example.com'));
    expect(await membersOf(owned)).toEqual([]);
  });

  it('SECURITY-LESSONS 14: a group that gives power over the installation is filled by nobody who lacks it', async () => {
    const owned = await anOwner();
    await own(owned);
    const role = await admin.post('/roles', {
      name: `keys ${count}`,
      permissions: [{ resource: 'urn:doorward:admin', values: ['keys:write'] }],
    });
    const above = await admin.post('/groups', { displayName: `Above ${count}` });
    await admin.call('POST', `/groups/${above.id}/members`, { members: [{ value: owned.groupId, type: 'Group' }] });
    await admin.post('/role-assignments', { roleId: role.id, groupId: above.id });

    const page = await add(owned, owned.owner.userName);
    expect([page.status, await membersOf(owned)]).toEqual([422, []]);
  });

  it('names that are nobody’s are counted: the directory is not sounded', async () => {
    const owned = await anOwner();
    await own(owned);
    const person = await aPerson(server);
    const statuses: number[] = [];
    for (let tries = 0; tries < 24; tries += 1) statuses.push((await add(owned, `nobody-${tries}`)).status);

    expect(statuses.slice(0, 20).every((status) => status === 422)).toBe(true);
    expect(statuses).toContain(429);
    expect([(await add(owned, person.userName)).status, await membersOf(owned)]).toEqual([429, []]);
  });

  it('members that follow a rule are nobody’s to choose: there are no owners', async () => {
    const owned = await anOwner({ membershipRule: 'department eq "Shift"' });
    expect((await own(owned)).body.code).toBe('groups.members_follow_rule');
    const plain = await anOwner();
    await own(plain);
    await admin.patch(`/groups/${plain.groupId}`, { membershipRule: 'department eq "Shift"' });
    expect((await pageOf(plain)).html).not.toContain(plain.name);
  });

  it('bad input: unknown people and unknown fields are named, and change nothing', async () => {
    const owned = await anOwner();
    const path = `/groups/${owned.groupId}/owners`;
    const nobody = '00000000-0000-4000-8000-000000000000';
    const replies = [
      await admin.call('POST', path, { owners: [{ value: owned.owner.id }, { value: nobody }] }),
      await admin.call('POST', path, { owners: [{ value: owned.owner.id, type: 'User' }] }),
      await admin.call('POST', path, { owners: [] }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([422, 422, 422]);
    expect(replies[0]?.body.errors).toMatchObject([{ pointer: '/owners/1/value' }]);
    expect((await admin.get(path)).owners).toEqual([]);
  });
});
