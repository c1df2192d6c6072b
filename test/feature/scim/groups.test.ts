import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aScimApi, type Body, GROUP, PATCH_OP, query, resourcesOf, type ScimApi, uniqueName } from './scim-api.ts';

let api: ScimApi;
let people: string[];

beforeAll(async () => {
  api = await aScimApi();
  people = [];
  for (let n = 0; n < 4; n += 1) people.push(String((await api.aUser({ displayName: `P${n}` })).id));
}, 60_000);

afterAll(() => api.close());

const members = (...ids: (string | undefined)[]) => ids.map((value) => ({ value: String(value) }));
const membersOf = async (id: unknown) =>
  (((await api.call('GET', `/Groups/${id}`)).body.members ?? []) as { value: string }[]).map(({ value }) => value);

describe('RFC 7643 §4.2: groups', () => {
  it('are created with members, shown with their addresses, and seen at the members', async () => {
    const [one, two] = people;
    const group = await api.aGroup({ externalId: 'x1', members: members(one, two) });

    expect(group).toMatchObject({
      externalId: 'x1',
      meta: { resourceType: 'Group', location: `${api.base}/Groups/${group.id}` },
    });
    expect(group.members).toEqual([
      { value: one, $ref: `${api.base}/Users/${one}`, type: 'User' },
      { value: two, $ref: `${api.base}/Users/${two}`, type: 'User' },
    ]);
    const asked = await api.call('GET', `/Groups/${group.id}?attributes=members.display,members.value`);
    expect(asked.body.members).toEqual([
      { value: one, display: 'P0' },
      { value: two, display: 'P1' },
    ]);
    const { groups } = (await api.call('GET', `/Users/${one}`)).body as { groups: Body[] };
    expect(groups).toContainEqual({
      value: group.id,
      $ref: `${api.base}/Groups/${group.id}`,
      display: group.displayName,
      type: 'direct',
    });
    expect((await api.call('GET', `/Groups/${group.id}?excludedAttributes=members`)).body).not.toHaveProperty(
      'members',
    );
    const filter = `groups.value eq "${group.id}"`;
    expect((await api.call('GET', `/Users${query({ filter })}`)).body.totalResults).toBe(2);
  });

  it('are replaced whole: attributes and members', async () => {
    const [one, two, three] = people;
    const { id, displayName } = await api.aGroup({ externalId: 'x', members: members(one, two) });
    const reply = await api.call('PUT', `/Groups/${id}`, {
      body: { schemas: [GROUP], displayName, members: members(two, three) },
    });

    expect(reply.body).not.toHaveProperty('externalId');
    expect(await membersOf(id)).toEqual([two, three]);
    const types = (await api.auditOf(reply)).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['group-members.added', 'group-members.removed', 'groups.updated']));
  });

  it.each<[string, (ids: string[]) => Body[], (ids: string[]) => (string | undefined)[]]>([
    ['add', ([, , c]) => [{ op: 'add', path: 'members', value: members(c) }], ([a, b, c]) => [a, b, c]],
    ['add one that is there', ([a]) => [{ op: 'add', path: 'members', value: members(a) }], ([a, b]) => [a, b]],
    ['add, no path', ([, , c]) => [{ op: 'add', value: { members: members(c) } }], ([a, b, c]) => [a, b, c]],
    ['remove by filter', ([a]) => [{ op: 'remove', path: `members[value eq "${a}"]` }], ([, b]) => [b]],
    ['remove by other filters', () => [{ op: 'remove', path: 'members[display sw "p" and type eq "User"]' }], () => []],
    ['remove by value', ([a]) => [{ op: 'remove', path: 'members', value: members(a) }], ([, b]) => [b]],
    ['remove all', () => [{ op: 'remove', path: 'members' }], () => []],
    ['replace', ([, b, c]) => [{ op: 'replace', path: 'members', value: members(b, c) }], ([, b, c]) => [b, c]],
    [
      'in their order',
      ([a, , c]) => [
        { op: 'remove', path: 'members' },
        { op: 'add', path: 'members', value: members(a, c) },
        { op: 'remove', path: `members[value eq "${a}"]` },
      ],
      ([, , c]) => [c],
    ],
    ['remove one who is none', () => [{ op: 'remove', path: 'members[value eq "x"]' }], ([a, b]) => [a, b]],
  ])('RFC 7644 §3.5.2: members: %s', async (_, operations, expected) => {
    const [one, two] = people;
    const { id } = await api.aGroup({ members: members(one, two) });
    const reply = await api.patch(`/Groups/${id}`, ...operations(people));

    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(await membersOf(id)).toEqual(expected(people));
  });

  it('RFC 7644 §3.5.2: an answer comes when attributes are asked for; a change of members is a new version', async () => {
    const group = await api.aGroup();
    const { version } = group.meta as { version: string };
    const body = { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'members', value: members(people[0]) }] };
    const reply = await api.call('PATCH', `/Groups/${group.id}?attributes=displayName,meta.version`, {
      body,
      headers: { 'if-match': version },
    });

    expect(reply.body).toMatchObject({ displayName: group.displayName });
    expect((reply.body.meta as Body).version).not.toBe(version);
    expect((await api.call('PATCH', `/Groups/${group.id}`, { body, headers: { 'if-match': version } })).status).toBe(
      412,
    );
  });

  it.each<[string, Body, string, string]>([
    [
      'a member nobody knows',
      { op: 'add', path: 'members', value: members('00000000-0000-7000-8000-000000000000') },
      'invalidValue',
      'members',
    ],
    [
      'a group nobody knows',
      { op: 'add', path: 'members', value: [{ value: 'x', type: 'Group' }] },
      'invalidValue',
      'no such group',
    ],
    [
      'a device as member',
      { op: 'add', path: 'members', value: [{ value: 'x', type: 'Device' }] },
      'invalidValue',
      'people and groups alone',
    ],
    [
      'a member without value',
      { op: 'add', path: 'members', value: [{ display: 'x', type: 'User' }] },
      'invalidValue',
      'members[0].value',
    ],
    ['part of a member', { op: 'replace', path: 'members[value eq "x"].value', value: 'y' }, 'mutability', 'member'],
    ['no name', { op: 'remove', path: 'displayName' }, 'mutability', 'displayName'],
    ['an unknown attribute', { op: 'add', path: 'owner', value: 'x' }, 'invalidPath', 'owner'],
    ['id', { op: 'replace', path: 'id', value: 'x' }, 'mutability', 'id'],
  ])('refused and nothing half-applied: %s', async (_, operation, scimType, named) => {
    const group = await api.aGroup();
    const reply = await api.patch(
      `/Groups/${group.id}`,
      { op: 'replace', path: 'displayName', value: uniqueName('new') },
      operation,
    );

    expect(reply.body).toMatchObject({ status: '400', scimType });
    expect(reply.body.detail).toContain(named);
    expect((await api.call('GET', `/Groups/${group.id}`)).body).toEqual(group);
  });

  it('a name that is taken is 409 uniqueness; lists are filtered by name and by member', async () => {
    const { displayName, id } = await api.aGroup({ members: members(people[3]) });
    const taken = await api.call('POST', '/Groups', {
      body: { schemas: [GROUP], displayName: String(displayName).toUpperCase() },
    });

    expect(taken.body).toMatchObject({ status: '409', scimType: 'uniqueness' });
    for (const filter of [`displayName eq "${displayName}"`, `members[value eq "${people[3]}"] and displayName pr`]) {
      const reply = await api.call('GET', `/Groups${query({ filter })}`);
      expect(resourcesOf(reply).map((group) => group.id)).toContain(id);
    }
    const all = await api.call('GET', '/Groups');
    expect([all.status, all.body.totalResults]).toEqual([200, resourcesOf(all).length]);
    expect(resourcesOf(all).some(({ members }) => members !== undefined)).toBe(true);
    expect((await api.call('DELETE', `/Groups/${id}`)).status).toBe(204);
    expect((await api.call('GET', `/Groups/${id}`)).status).toBe(404);
  });

  it('two writers with one ETag: exactly one wins', async () => {
    const group = await api.aGroup();
    const { version } = group.meta as { version: string };
    const replies = await Promise.all(
      people.map((id) =>
        api.call('PATCH', `/Groups/${group.id}`, {
          body: { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'members', value: members(id) }] },
          headers: { 'if-match': version },
        }),
      ),
    );

    expect(replies.map(({ status }) => status).sort()).toEqual([204, 412, 412, 412]);
    expect(await membersOf(group.id)).toHaveLength(1);
  });

  it('a group of 50,000 is changed by one without touching the others, and shown without its members', async () => {
    const group = await api.aGroup();
    const newcomer = await api.aUser();
    await api.server.foundation.dataSource.query(
      `WITH many AS (
         INSERT INTO users (id, user_name, user_name_key, created_at, updated_at, status)
         SELECT (lpad(to_hex(n), 8, '0') || '-1111-7000-8000-000000000000')::uuid, 'many' || n, 'many' || n, now(), now(), 'active'
         FROM generate_series(1, 50000) AS n RETURNING id)
       INSERT INTO group_members (group_id, user_id, created_at) SELECT $1, id, now() FROM many`,
      [group.id],
    );
    const [stored] = await api.server.foundation.dataSource.query(
      'SELECT DISTINCT xmin::text AS transaction FROM group_members WHERE group_id = $1',
      [group.id],
    );
    for (let round = 0; round < 10; round += 1)
      for (const op of ['add', 'remove']) {
        const reply = await api.patch(`/Groups/${group.id}`, {
          op,
          path: 'members',
          value: members(String(newcomer.id)),
        });
        expect(reply.status).toBe(204);
      }
    const shown = await api.call('GET', `/Groups/${group.id}?excludedAttributes=members`);

    expect(shown.body).not.toHaveProperty('members');
    const [untouched] = await api.server.foundation.dataSource.query(
      'SELECT count(*)::int AS count FROM group_members WHERE group_id = $1 AND xmin::text = $2',
      [group.id, stored.transaction],
    );
    expect(untouched.count).toBe(50_000);
    expect(await membersOf(group.id)).toHaveLength(50_000);
  }, 60_000);
});
