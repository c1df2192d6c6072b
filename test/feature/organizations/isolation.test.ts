import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json, Reply } from '../../support/admin-api.ts';
import { items, type TwoOrganizations, twoOrganizations } from './two-organizations.ts';

let world: TwoOrganizations;

beforeAll(async () => {
  world = await twoOrganizations();
}, 60_000);

afterAll(() => world.close());

type Operation = { readonly method: string; readonly path: string };

async function operations(): Promise<readonly Operation[]> {
  const { paths } = await world.everywhere.get('/openapi.json');
  return Object.entries(paths as Record<string, Json>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

/** Bodies that would be accepted for something of one's own. */
const bodyFor = ({ method, path }: Operation, id: string): unknown => {
  if (method === 'GET' || method === 'DELETE') return undefined;
  if (path.endsWith('/members')) return { members: [{ value: id }] };
  if (path.endsWith('/password')) return { password: 'ten brown hens cross the yard' };
  if (path.endsWith('/role-assignments')) return { roleId: world.roleId, userId: id };
  if (method === 'PATCH' && path.includes('/users/')) return { displayName: 'Changed' };
  if (method === 'PATCH' && path.includes('/groups/')) return { displayName: 'Changed' };
  if (method === 'PATCH' && path.includes('/organizations/')) return { name: 'Changed' };
  return {};
};

describe('SECURITY-LESSONS 15: an administrator of one organization with every id of another', () => {
  it('gets 403 or 404 from every route of the admin API, and nothing changes', async () => {
    const { a, b, inA } = world;
    const foreign = [b.id, b.person, b.guest, b.team, b.assignment, b.invitation, b.domain];
    const before = await world.digest();
    const wrong: unknown[] = [];
    for (const operation of (await operations()).filter(({ path }) => path.includes('{'))) {
      for (const id of foreign) {
        // Alone, and below something of one's own where the address names two.
        const own = operation.path.includes('/groups/') ? a.team : a.id;
        const addresses = [
          operation.path.replaceAll(/\{\w+\}/g, id),
          operation.path.replace(/\{\w+\}/, own).replaceAll(/\{\w+\}/g, id),
        ].filter((path) => path.includes(id));
        for (const path of addresses) {
          const reply = await inA.call(operation.method, path, bodyFor(operation, id));
          if (reply.status !== 403 && reply.status !== 404)
            wrong.push([operation.method, path, reply.status, reply.text]);
        }
      }
    }

    expect(wrong).toEqual([]);
    expect(await world.digest()).toEqual(before);
    expect(world.server.errors).toEqual([]);
  }, 60_000);

  it('is told the same of what is elsewhere and of what is nowhere', async () => {
    const { b, inA } = world;
    const nowhere = '00000000-0000-7000-8000-000000000000';
    const told = ({ status, body: { requestId: _, ...body } }: Reply) => [status, body];
    for (const { method, path } of (await operations()).filter((one) => one.path.includes('{'))) {
      for (const id of [b.id, b.person, b.team, b.assignment, b.invitation, b.domain]) {
        const elsewhere = await inA.call(method, path.replaceAll(/\{\w+\}/g, id), bodyFor({ method, path }, id));
        const absent = await inA.call(method, path.replaceAll(/\{\w+\}/g, nowhere), bodyFor({ method, path }, nowhere));

        expect([method, path, ...told(elsewhere)]).toEqual([method, path, ...told(absent)]);
      }
    }
  }, 60_000);

  it('names in a body are as unknown as those of nobody', async () => {
    const { a, b, inA } = world;
    const nowhere = '00000000-0000-7000-8000-000000000000';
    const before = await world.digest();
    const bodies = (id: string): [string, string, unknown][] => [
      ['POST', `/groups/${a.team}/members`, { members: [{ value: id }] }],
      ['POST', `/groups/${a.team}/members`, { members: [{ value: id, type: 'Group' }] }],
      ['POST', `/organizations/${a.id}/members`, { members: [{ value: id }] }],
      ['POST', `/organizations/${a.id}/role-assignments`, { roleId: world.roleId, userId: id }],
      ['POST', `/organizations/${a.id}/role-assignments`, { roleId: world.roleId, groupId: id }],
      ['POST', '/groups', { displayName: 'New', organizationId: id }],
      ['POST', '/organizations', { name: 'New', parentId: id }],
    ];
    for (const id of [b.id, b.person, b.guest, b.team]) {
      for (const [index, [method, path, body]] of bodies(id).entries()) {
        const elsewhere = await inA.call(method, path, body);
        const [, , absentBody] = bodies(nowhere)[index] ?? [];
        const absent = await inA.call(method, path, absentBody);

        expect([path, elsewhere.status, elsewhere.body.code]).toEqual([path, absent.status, absent.body.code]);
        expect(elsewhere.status).toBeGreaterThanOrEqual(400);
      }
    }
    expect(await world.digest()).toEqual(before);
    expect(world.server.errors).toEqual([]);
  });

  it('finds nothing of it in any list, by any filter', async () => {
    const { a, b, inA } = world;
    const seen = async (path: string) => (await inA.call('GET', path)).text;
    const lists = [
      '/users?limit=200',
      `/users?userName=${b.name}-person@example.com`,
      `/users?displayName=${b.name} Person`,
      '/groups?limit=200',
      `/groups?displayName=${b.name} Team`,
      `/groups?members.value=${b.person}`,
      `/groups?organizationId=${b.id}`,
      '/organizations?limit=200',
      `/organizations?name=${b.name}`,
      `/organizations?parentId=${b.id}`,
      `/groups/${a.team}/members`,
      `/organizations/${a.id}/members`,
      `/organizations/${a.id}/role-assignments`,
    ];
    for (const path of lists) {
      const text = await seen(path);
      for (const id of [b.id, b.person, b.guest, b.team, b.assignment])
        expect([path, text.includes(id)]).toEqual([path, false]);
    }
    expect(
      items(await inA.get('/users'), 'users')
        .map(({ id }) => id)
        .sort(),
    ).toEqual([a.person, a.guest].sort());
    expect(items(await inA.get('/groups'), 'groups').map(({ id }) => id)).toEqual([a.team]);
    expect(
      items(await inA.get('/organizations'), 'organizations')
        .map(({ id }) => id)
        .sort(),
    ).toEqual([a.id, world.belowA].sort());
  });

  it('is refused what was not opened to them, whatever their permissions', async () => {
    for (const path of ['/clients', '/role-assignments', '/audit-events', '/keys', '/sessions', '/grants']) {
      const reply = await world.inA.call('GET', path);

      expect([path, reply.status, reply.body.code]).toEqual([path, 403, 'organizations.not_offered']);
    }
  });
});

describe('row-level security is the second wall', () => {
  it('a query with a forgotten filter answers nothing of the other organization, and changes nothing of it', async () => {
    const { a, b } = world;
    const { readAs, transact } = world.server.foundation;
    const actor = { type: 'client', id: 'somebody', organizationId: a.id } as const;
    const read = readAs(actor);

    expect((await read.query<{ id: string }>('SELECT id FROM users ORDER BY id')).map(({ id }) => id)).toEqual(
      [a.person, a.guest].sort(),
    );
    for (const table of [
      'groups',
      'group_members',
      'organization_members',
      'organization_role_assignments',
      'user_emails',
    ]) {
      const text = JSON.stringify(await read.query(`SELECT * FROM ${table}`));
      for (const id of [b.id, b.person, b.team, b.assignment])
        expect([table, text.includes(id)]).toEqual([table, false]);
      expect([table, text.includes(a.id) || text.includes(a.person)]).toEqual([table, true]);
    }
    const before = await world.digest();
    await transact(actor, async (tx) => {
      await tx.query(`UPDATE users SET title = 'taken over' WHERE id = $1`, [b.person]);
      await tx.query('DELETE FROM organization_role_assignments WHERE id = $1', [b.assignment]);
      await tx.query('DELETE FROM groups WHERE id = $1', [b.team]);
    });
    expect(await world.digest()).toEqual(before);
    await expect(
      transact(actor, (tx) => tx.query('INSERT INTO group_members VALUES ($1, $2, now())', [b.team, b.person])),
    ).rejects.toMatchObject({ kind: 'forbidden', code: 'organizations.out_of_reach' });
    await expect(transact(actor, (tx) => tx.query('SELECT * FROM client_secrets'))).rejects.toMatchObject({
      code: 'organizations.out_of_reach',
    });
    await expect(transact(actor, (tx) => tx.query(`UPDATE roles SET name = 'mine'`))).rejects.toMatchObject({
      code: 'organizations.out_of_reach',
    });
  });

  it('is on for every table that an organization may touch, and no other table may be touched', async () => {
    const rows = await world.server.foundation.read.query<{
      name: string;
      secured: boolean;
      writable: boolean;
      readable: boolean;
    }>(
      `SELECT c.relname AS name, c.relrowsecurity AS secured,
         has_table_privilege('doorward_organization', c.oid, 'INSERT, UPDATE, DELETE') AS writable,
         has_table_privilege('doorward_organization', c.oid, 'SELECT') AS readable
       FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`,
    );

    expect(rows.filter(({ writable, secured }) => writable && !secured)).toEqual([]);
    expect(
      rows
        .filter(({ readable, secured }) => readable && !secured)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['permissions', 'resource_servers', 'role_inheritance', 'role_permissions', 'roles', 'user_attributes']);
  });
});
