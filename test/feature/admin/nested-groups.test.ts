import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAccessLookup } from '../../../src/domain/access/access-lookup.ts';
import { hasAdministrator } from '../../../src/domain/access/administrators.ts';
import { type AccessApi, ADMIN, anAccessApi, anOrdersApi, ORDERS } from './access-api.ts';
import { type Body, faults, items } from './people-api.ts';

let api: AccessApi;
let reader: string;

beforeAll(async () => {
  api = await anAccessApi();
  await anOrdersApi(api);
  const role = await api.done('POST', '/roles', {
    name: 'reader',
    permissions: [{ resource: ORDERS, values: ['orders:read'] }],
  });
  reader = String(role.id);
});

afterAll(() => api.close());

const aGroup = async (displayName: string, members: readonly Body[] = []) =>
  String((await api.done('POST', '/groups', { displayName, members })).id);
const inside = (value: string): Body => ({ value, type: 'Group' });
const include = (group: string, included: string, token?: string) =>
  api.call('POST', `/groups/${group}/members`, {
    body: { members: [inside(included)] },
    ...(token === undefined ? {} : { token }),
  });

/** person in the first, the first in the second, and so on. */
async function aChain(names: readonly string[]): Promise<{ readonly person: string; readonly groups: string[] }> {
  const person = await api.aUser();
  const groups: string[] = [];
  for (const name of names) {
    const below = groups.at(-1);
    groups.push(await aGroup(name, [below === undefined ? { value: person } : inside(below)]));
  }
  return { person, groups };
}

describe('RFC 7643 §4.2: groups may be members of groups', () => {
  it('people have the roles of every group above, and the groups claim names them; people above get nothing from below', async () => {
    const { person, groups } = await aChain(['Clerks', 'Sales', 'Europe']);
    const boss = await api.aUser();
    await api.done('POST', `/groups/${groups[2]}/members`, { members: [{ value: boss }] });
    await api.done('POST', '/role-assignments', { roleId: reader, groupId: groups[2] });
    await api.done('POST', '/role-assignments', {
      roleId: (await api.done('POST', '/roles', { name: 'of clerks' })).id,
      groupId: groups[0],
    });
    const lookup = createAccessLookup(api);

    const below = await lookup.forUser(person, api.clock.now());
    const above = await lookup.forUser(boss, api.clock.now());

    expect([below.groups, below.roles]).toEqual([
      ['Clerks', 'Europe', 'Sales'],
      ['of clerks', 'reader'],
    ]);
    expect(below.permissions.get(ORDERS)).toEqual(new Set(['orders:read']));
    expect([above.groups, above.roles]).toEqual([['Europe'], ['reader']]);
  });

  it('the explanation shows person → group → group → role → permission, every way', async () => {
    const { person, groups } = await aChain(['Floor', 'Shop', 'Company']);
    await api.done('POST', `/groups/${groups[2]}/members`, { members: [inside(String(groups[0]))] });
    await api.done('POST', '/role-assignments', { roleId: reader, groupId: groups[2] });

    const answer = await api.done('GET', `/explain?userId=${person}&permission=orders:read`);

    const ways = (answer.paths as { steps: { type: string; name: string }[] }[]).map(({ steps }) =>
      steps.slice(1).map(({ name }) => name),
    );
    expect(answer.held).toBe(true);
    expect(ways).toEqual([
      ['Floor', 'Company', 'reader', 'orders:read'],
      ['Floor', 'Shop', 'Company', 'reader', 'orders:read'],
    ]);
  });

  it('are listed with the people, by page, and taken out by their id; access held in memory follows at once', async () => {
    const { person, groups } = await aChain(['Inner', 'Outer']);
    const more = await Promise.all(Array.from({ length: 3 }, () => api.aUser()));
    await api.done('POST', `/groups/${groups[1]}/members`, { members: more.map((value) => ({ value })) });
    await api.done('POST', '/role-assignments', { roleId: reader, groupId: groups[1] });
    const lookup = createAccessLookup(api);
    const before = await lookup.forUser(person, api.clock.now());

    const first = await api.done('GET', `/groups/${groups[1]}/members?limit=2`);
    const second = await api.done('GET', `/groups/${groups[1]}/members?limit=2&cursor=${first.nextCursor}`);
    const removed = await api.call('DELETE', `/groups/${groups[1]}/members/${groups[0]}`);
    const again = await api.call('DELETE', `/groups/${groups[1]}/members/${groups[0]}`);

    const listed = [...(first.members as Body[]), ...(second.members as Body[])];
    expect(listed.map(({ value, type }) => [value, type])).toEqual(
      [...more.map((id) => [id, 'User']), [groups[0], 'Group']].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    );
    expect([removed.status, again.status]).toEqual([204, 404]);
    expect(await api.auditOf(removed)).toMatchObject([
      { type: 'group-members.removed', targetId: groups[1], details: { groupIds: [groups[0]] } },
    ]);
    expect(before.roles).toEqual(['reader']);
    expect((await lookup.forUser(person, api.clock.now())).roles).toEqual([]);
  });

  it('a circle is refused by the names on its way, whatever its length', async () => {
    const { groups } = await aChain(['North', 'Land', 'World']);
    const [north = '', land = '', world = ''] = groups;

    const replies = [await include(north, north), await include(north, land), await include(north, world)];

    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
      replies.map(() => [409, 'groups.inclusion_cycle']),
    );
    expect(replies.map(({ body }) => body.detail)).toEqual([
      'a group may not be inside itself: North → North',
      'a group may not be inside itself: North → Land → North',
      'a group may not be inside itself: North → World → Land → North',
    ]);
    expect(items(await api.call('GET', `/groups/${north}/members`), 'members').map(({ type }) => type)).toEqual([
      'User',
    ]);
  });

  it('two parallel changes close no circle: one of them is refused', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [left, right] = [await aGroup(`Left ${round}`), await aGroup(`Right ${round}`)];

      const replies = await Promise.all([include(left, right), include(right, left)]);

      expect(replies.map(({ status }) => status).sort()).toEqual([204, 409]);
    }
  });

  it('who does not exist is pointed at where it stands, people and groups mixed', async () => {
    const [group, person] = [await aGroup('Mixed'), await api.aUser()];
    const nobody = '00000000-0000-7000-8000-000000000000';
    const place = `/groups/${group}/members`;
    const body = (members: readonly Body[]) => ({ body: { members } });

    const noGroup = await api.call('POST', place, body([{ value: person }, inside(person), inside('x')]));
    const noUser = await api.call('POST', place, body([inside(group), { value: nobody }]));
    const noType = await api.call('POST', place, body([{ value: person, type: 'Device' }]));

    expect([noGroup.status, faults(noGroup)]).toEqual([422, ['/members/1/value', '/members/2/value']]);
    expect([noUser.status, faults(noUser)]).toEqual([422, ['/members/1/value']]);
    expect([noType.status, faults(noType)]).toEqual([422, ['/members/0/type']]);
    expect(items(await api.call('GET', place), 'members')).toEqual([]);
  });
});

describe('power through groups inside groups', () => {
  it('SECURITY-LESSONS 14: neither people nor groups are put where a group above gives more than one holds', async () => {
    const { id, token } = await api.aDelegate(['groups:write']);
    const role = await api.done('POST', '/roles', {
      name: 'keeper of keys',
      permissions: [{ resource: ADMIN, values: ['keys:write'] }],
    });
    const { groups } = await aChain(['Lowest', 'Middle', 'Highest']);
    await api.done('POST', '/role-assignments', { roleId: role.id, groupId: groups[2] });
    const own = await aGroup('Own', [{ value: id }]);

    const replies = [
      await api.call('POST', `/groups/${groups[0]}/members`, { body: { members: [{ value: id }] }, token }),
      await include(String(groups[0]), own, token),
      await include(String(groups[2]), own, token),
    ];

    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
      replies.map(() => [403, 'access.exceeds_own_permissions']),
    );
    const granted = await api.call('GET', `/explain?userId=${id}&permission=keys:write`);
    expect(granted.body.held).toBe(false);
  });

  it('someone whose power comes from a group above is out of reach of those with less', async () => {
    const { token } = await api.aDelegate(['users:write']);
    const { person, groups } = await aChain(['Deputies', 'Administrators']);
    const [administrator] = items(await api.call('GET', '/roles?name=administrator'), 'roles');
    await api.done('POST', '/role-assignments', { roleId: administrator?.id, groupId: groups[1] });

    const reply = await api.call('PATCH', `/users/${person}`, { body: { userName: 'mine' }, token });

    expect([reply.status, reply.body.code]).toEqual([403, 'access.exceeds_own_permissions']);
  });

  it('the last administrator may be one through groups, which cannot be taken apart then', async () => {
    const own = await anAccessApi();
    const [administrator] = items(await own.call('GET', '/roles?name=administrator'), 'roles');
    const inner = await own.done('POST', '/groups', {
      displayName: 'Inner',
      members: [{ value: await own.aUser() }],
    });
    const outer = await own.done('POST', '/groups', { displayName: 'Outer', members: [inside(String(inner.id))] });
    await own.done('POST', '/role-assignments', { roleId: administrator?.id, groupId: outer.id });
    await own.done('PATCH', `/users/${own.administratorId}`, { active: false });

    const replies = [
      await own.call('DELETE', `/groups/${outer.id}/members/${inner.id}`),
      await own.call('DELETE', `/groups/${inner.id}`),
      await own.call('DELETE', `/groups/${outer.id}`),
    ];

    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
      replies.map(() => [409, 'access.last_administrator']),
    );
    expect(await hasAdministrator(own.read, own.clock.now())).toBe(true);
    await own.close();
  });
});
