import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { bodiesOf } from '../../support/sample-inputs.ts';
import { items, type TwoOrganizations, twoOrganizations } from './two-organizations.ts';

let world: TwoOrganizations;
/** In A, and everywhere: clients with some of the permissions, who try to have more. */
let delegate: AdminApi;
let organizer: AdminApi;
let strongRole: string;

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const refused = 'access.exceeds_own_permissions';
const HELD = [
  ...['users:read', 'users:write', 'groups:read', 'groups:write', 'organizations:read', 'organizations:write'],
  ...['role-assignments:read', 'role-assignments:write', 'roles:read'],
];

beforeAll(async () => {
  world = await twoOrganizations();
  const { everywhere, a } = world;
  delegate = await clientWith(HELD, a.id);
  organizer = await clientWith(['organizations:read', 'organizations:write']);
  const strong = await everywhere.post('/roles', {
    name: 'strong',
    permissions: [{ resource: 'urn:doorward:admin', values: ['keys:write'] }],
  });
  strongRole = String(strong.id);
}, 60_000);

afterAll(async () => {
  expect(world.server.errors).toEqual([]);
  await world.close();
});

async function clientWith(permissions: readonly string[], organizationId?: string): Promise<AdminApi> {
  const { dataSource } = world.server.foundation;
  const client = await addAdminClient(world.server.configuration.databaseUrl ?? '');
  await dataSource.query('UPDATE clients SET organization_id = $2 WHERE client_id = $1', [
    client.clientId,
    organizationId ?? null,
  ]);
  await dataSource.query(
    `DELETE FROM client_permissions c USING permissions p
     WHERE c.client_id = $1 AND p.id = c.permission_id AND p.value <> ALL ($2)`,
    [client.clientId, permissions],
  );
  return adminApi({ url: world.server.issuer, client });
}

const codeOf = async (api: AdminApi, method: string, path: string, body?: unknown): Promise<unknown> =>
  (await api.call(method, path, body)).body.code;

describe('SECURITY-LESSONS 14: power within an organization does not grow', () => {
  it('by moving organizations: whoever moves one below others holds what is held there', async () => {
    const { a, b, everywhere } = world;
    const other = await everywhere.post('/organizations', { name: 'Other', parentId: a.id });
    const team = await everywhere.post('/groups', { displayName: 'Keepers', organizationId: other.id });
    await everywhere.post(`/organizations/${other.id}/role-assignments`, { roleId: strongRole, groupId: team.id });

    // B below A would hand the people of B to the client of A; the organizer may not see people at all.
    expect(await codeOf(organizer, 'PATCH', `/organizations/${b.id}`, { parentId: a.id })).toBe(refused);
    expect(await codeOf(organizer, 'PATCH', `/organizations/${a.below}`, { parentId: b.below })).toBe(refused);
    expect(await codeOf(delegate, 'PATCH', `/organizations/${a.below}`, { parentId: other.id })).toBe(refused);
    expect((await everywhere.call('PATCH', `/organizations/${a.below}`, { parentId: other.id })).status).toBe(200);
    expect((await delegate.call('PATCH', `/organizations/${a.below}`, { parentId: a.id })).status).toBe(200);
  });

  it('by making people members where somebody administers: nobody hands over what they may not see or change', async () => {
    const { a, b } = world;
    for (const managed of [true, false])
      expect(
        await codeOf(organizer, 'POST', `/organizations/${a.id}/members`, { members: [{ value: b.guest, managed }] }),
      ).toBe(refused);
  });

  it('by rule: neither a new person nor a changed one joins a group that gives more', async () => {
    const { a, everywhere } = world;
    const group = await everywhere.post('/groups', {
      displayName: 'Locksmiths',
      membershipRule: 'department eq "Locks"',
    });
    await everywhere.post('/role-assignments', { roleId: strongRole, groupId: group.id });
    const department = { [ENTERPRISE]: { department: 'Locks' } };

    expect(await codeOf(delegate, 'POST', '/users', { userName: 'locksmith', ...department })).toBe(refused);
    expect(await codeOf(delegate, 'PATCH', `/users/${a.person}`, department)).toBe(refused);
    expect(await codeOf(delegate, 'POST', '/groups', { displayName: 'All', membershipRule: 'userName pr' })).toBe(
      'groups.team_by_rule',
    );
    const empty = await delegate.post('/groups', { displayName: 'Empty' });
    expect(await codeOf(delegate, 'PATCH', `/groups/${empty.id}`, { membershipRule: 'userName pr' })).toBe(
      'groups.team_by_rule',
    );
  });

  it('by a team inside a team that holds more, nor by joining it', async () => {
    const { a, everywhere } = world;
    const strong = await everywhere.post('/groups', { displayName: 'Strong', organizationId: a.id });
    const middle = await everywhere.post('/groups', { displayName: 'Middle', organizationId: a.id });
    await everywhere.post(`/organizations/${a.id}/role-assignments`, { roleId: strongRole, groupId: strong.id });
    await everywhere.call('POST', `/groups/${strong.id}/members`, { members: [{ value: middle.id, type: 'Group' }] });

    for (const [team, member] of [
      [strong.id, { value: a.team, type: 'Group' }],
      [middle.id, { value: a.team, type: 'Group' }],
      [middle.id, { value: a.person }],
    ] as const)
      expect(await codeOf(delegate, 'POST', `/groups/${team}/members`, { members: [member] })).toBe(refused);
  });

  it('by an address said to be proved: it would open sign-in, invitations and accounts of somebody else elsewhere', async () => {
    const { a } = world;
    const emails = [{ value: 'boss@bolt.example', verified: true }];
    const phoneNumbers = [{ value: '+15550100', verified: true }];

    for (const claim of [{ emails }, { phoneNumbers }]) {
      expect(await codeOf(delegate, 'POST', '/users', { userName: 'boss', ...claim })).toBe(
        'organizations.may_not_vouch',
      );
      expect(await codeOf(delegate, 'PATCH', `/users/${a.person}`, claim)).toBe('organizations.may_not_vouch');
    }
    expect((await world.everywhere.call('PATCH', `/users/${a.person}`, { emails })).status).toBe(200);
    expect((await delegate.call('PATCH', `/users/${a.person}`, { emails, title: 'Boss' })).status).toBe(200);
  });

  it('by clients, roles and assignments that count everywhere: these are not theirs to make', async () => {
    const { a, roleId } = world;
    for (const [method, path, body] of [
      ['POST', '/clients', { client_id: 'mine', grant_types: ['client_credentials'], organization_id: a.id }],
      ['PATCH', `/clients/${delegate.client.clientId}`, { organization_id: null }],
      ['POST', '/roles', { name: 'mine', permissions: [] }],
      ['PATCH', `/roles/${roleId}`, { name: 'mine' }],
      ['POST', '/role-assignments', { roleId, userId: a.person }],
    ] as const) {
      const reply = await world.inA.call(method, path, body);
      expect([path, reply.status, reply.body.code]).toEqual([path, 403, 'organizations.not_offered']);
    }
  });

  it('by any sequence of calls: nobody holds a permission afterwards that the delegate does not', async () => {
    const { a, b, everywhere } = world;
    const random = generator(20_261_126);
    const before = await powerBeyond(HELD);
    const operations = await offeredChanges();
    const groups = items(await everywhere.get('/groups?limit=200'), 'groups').map(({ id }) => String(id));
    const ids = [a.id, a.below, a.person, a.guest, a.team, b.id, b.person, b.team, ...groups];
    const roles = [strongRole, world.roleId];
    let succeeded = 0;
    for (let step = 0; step < 400; step += 1) {
      const { method, path, body } = pick(operations, random);
      const idFor = (name: string) => (name === 'roleId' ? pick(roles, random) : pick(ids, random));
      const address = path.replace('/admin/v1', '').replaceAll(/\{(\w+)\}/g, () => pick(ids, random));
      const given = body && { ...pick(bodiesOf(body, idFor), random), ...(random() < 0.3 ? pick(BAITS, random) : {}) };
      const { status } = await delegate.call(method, address, given);
      if (status < 300) succeeded += 1;
    }

    expect(succeeded).toBeGreaterThan(30);
    expect(await powerBeyond(HELD)).toEqual(before);
  }, 120_000);
});

const BAITS: readonly Json[] = [
  { [ENTERPRISE]: { department: 'Locks' } },
  { membershipRule: 'userName pr' },
  { organizationId: null },
  { parentId: null },
  { managed: true },
];

type Change = { readonly method: string; readonly path: string; readonly body: Json | undefined };

async function offeredChanges(): Promise<readonly Change[]> {
  const { paths } = await world.everywhere.get('/openapi.json');
  return Object.entries(paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods)
      // Without what only takes away: the longer there is something to gain, the better.
      .filter(([method]) => /post|put|patch/.test(method) && /\/(users|groups|organizations)/.test(path))
      .map(([method, { requestBody }]) => {
        const [content] = Object.values(((requestBody as Json | undefined)?.content ?? {}) as Record<string, Json>);
        return { method: method.toUpperCase(), path, body: content?.schema as Json | undefined };
      }),
  );
}

/** Who holds which of the permissions that are not among these: everywhere, within organizations, through groups. */
const powerBeyond = (held: readonly string[]): Promise<readonly unknown[]> =>
  world.server.foundation.read.query(
    `WITH RECURSIVE member_of (user_id, group_id) AS (
       SELECT user_id, group_id FROM group_members
       UNION SELECT m.user_id, i.group_id FROM member_of m JOIN group_inclusions i ON i.included_group_id = m.group_id
     ), assigned (organization_id, role_id, user_id, group_id) AS (
       SELECT organization_id, role_id, user_id, group_id FROM organization_role_assignments
       UNION ALL SELECT NULL, role_id, user_id, group_id FROM role_assignments WHERE client_id IS NULL
     )
     SELECT DISTINCT coalesce(a.user_id, m.user_id) AS person, a.organization_id AS organization, p.value
     FROM assigned a LEFT JOIN member_of m ON m.group_id = a.group_id
     JOIN role_permissions r ON r.role_id = a.role_id JOIN permissions p ON p.id = r.permission_id
     WHERE p.value <> ALL ($1) AND coalesce(a.user_id, m.user_id) IS NOT NULL ORDER BY 1, 2, 3`,
    [held],
  );

/** The same numbers each time (a linear congruential generator), so that a failure can be looked at. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function pick<Item>(list: readonly Item[], random: () => number): Item {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
