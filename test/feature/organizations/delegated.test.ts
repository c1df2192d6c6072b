import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { offerSetPasswordLink } from '../../../src/domain/lifecycle/reset-password.ts';
import type { AdminApi, Json } from '../../support/admin-api.ts';
import { items, type TwoOrganizations, twoOrganizations } from './two-organizations.ts';

let world: TwoOrganizations;

beforeAll(async () => {
  world = await twoOrganizations();
}, 60_000);

afterAll(() => world.close());

describe('whoever acts for an organization administers it and those below', () => {
  it('people are made in it, changed, given a password, put out, and deleted', async () => {
    const { a, inA, everywhere } = world;
    const made = await inA.post('/users', { userName: 'new@acme.example', emails: [{ value: 'new@acme.example' }] });
    const path = `/users/${made.id}`;
    const members = items(await everywhere.get(`/organizations/${a.id}/members`), 'members');

    expect(members).toContainEqual({ value: made.id, display: 'new@acme.example', managed: true });
    expect((await inA.call('PATCH', path, { displayName: 'New' })).status).toBe(200);
    expect((await inA.call('PUT', `${path}/password`, { password: 'ten brown hens cross the yard' })).status).toBe(204);
    expect((await inA.call('POST', `${path}/set-password-link`)).status).toBe(201);
    expect((await inA.call('PATCH', path, { active: false })).body.active).toBe(false);
    expect((await inA.call('PATCH', path, { active: true })).body.active).toBe(true);
    expect((await inA.call('DELETE', path)).status).toBe(204);
    expect(world.server.errors).toEqual([]);
  });

  it('teams are made in it, filled from its members, and deleted; names are its own', async () => {
    const { a, b, inA, everywhere } = world;
    const team = await inA.post('/groups', { displayName: `${b.name} Team`, members: [{ value: a.guest }] });

    expect(team.organizationId).toBe(a.id);
    expect((await inA.call('POST', '/groups', { displayName: `${b.name} team` })).body.code).toBe(
      'groups.display_name_taken',
    );
    expect(
      (await everywhere.call('POST', `/groups/${team.id}/members`, { members: [{ value: b.person }] })).status,
    ).toBe(422);
    expect((await inA.call('DELETE', `/groups/${team.id}/members/${a.guest}`)).status).toBe(204);
    expect((await inA.call('DELETE', `/groups/${team.id}`)).status).toBe(204);
    expect(world.server.errors).toEqual([]);
  });

  it('organizations are made below it, moved there, suspended and deleted; it stays where it is itself', async () => {
    const { a, belowA, inA } = world;
    const made = await inA.post('/organizations', { name: 'Acme West' });

    expect(made.parentId).toBe(a.id);
    expect((await inA.call('PATCH', `/organizations/${made.id}`, { parentId: belowA })).body.parentId).toBe(belowA);
    expect((await inA.call('PATCH', `/organizations/${belowA}`, { parentId: made.id })).body.code).toBe(
      'organizations.parent_invalid',
    );
    expect((await inA.call('PATCH', `/organizations/${made.id}`, { status: 'suspended' })).body.status).toBe(
      'suspended',
    );
    for (const patch of [{ parentId: belowA }, { status: 'suspended' }])
      expect((await inA.call('PATCH', `/organizations/${a.id}`, patch)).status).toBe(403);
    expect((await inA.call('PATCH', `/organizations/${made.id}`, { parentId: null })).status).toBe(403);
    expect((await inA.call('DELETE', `/organizations/${a.id}`)).status).toBe(409);
    expect((await inA.call('DELETE', `/organizations/${made.id}`)).status).toBe(204);
    expect(world.server.errors).toEqual([]);
  });

  it('what was suspended from above is not opened from below, whoever suspended it first', async () => {
    const { a, inA, everywhere } = world;
    const { id } = await inA.post('/organizations', { name: 'Acme South' });
    const path = `/organizations/${id}`;
    const set = async (api: AdminApi, status: string) => {
      const { body } = await api.call('PATCH', path, { status });
      return body.code ?? body.status;
    };

    expect([await set(inA, 'suspended'), await set(inA, 'active')]).toEqual(['suspended', 'active']);
    for (const first of [inA, everywhere]) {
      await set(first, 'suspended');
      expect([await set(everywhere, 'suspended'), await set(inA, 'suspended')]).toEqual(['suspended', 'suspended']);
      expect(await set(inA, 'active')).toBe('organizations.suspended_above');
      expect((await inA.call('PATCH', path, { displayName: 'South' })).status).toBe(200);
      expect(await set(everywhere, 'active')).toBe('active');
    }
    const kept = await inA.post('/organizations', { name: 'Acme North', parentId: a.id, status: 'suspended' });
    expect((await inA.call('PATCH', `/organizations/${kept.id}`, { status: 'active' })).body.status).toBe('active');
    expect(world.server.errors).toEqual([]);
  });

  it('a guest is seen, leaves with their teams and roles, and is otherwise left alone', async () => {
    const { a, inA, everywhere, roleId } = world;
    const { id } = await everywhere.post('/users', { userName: 'visitor@example.com' });
    await everywhere.call('POST', `/organizations/${a.id}/members`, { members: [{ value: id }] });
    await inA.call('POST', `/groups/${a.team}/members`, { members: [{ value: id }] });
    await everywhere.post(`/organizations/${a.id}/role-assignments`, { roleId, userId: id });
    const path = `/users/${id}`;

    expect((await inA.call('GET', path)).status).toBe(200);
    for (const [method, address, body] of [
      ['PATCH', path, { displayName: 'Mine' }],
      ['PATCH', path, { active: false }],
      ['PUT', `${path}/password`, { password: 'ten brown hens cross the yard' }],
      ['POST', `${path}/set-password-link`, {}],
      ['DELETE', path, undefined],
    ] as const)
      expect((await inA.call(method, address, body)).body.code).toBe('organizations.guest');
    expect((await inA.call('DELETE', `/organizations/${a.id}/members/${id}`)).status).toBe(204);
    expect((await inA.call('GET', path)).status).toBe(404);
    const rest = await world.server.foundation.read.query(
      `SELECT 1 FROM group_members WHERE user_id = $1 UNION ALL SELECT 1 FROM organization_role_assignments WHERE user_id = $1`,
      [id],
    );
    expect(rest).toEqual([]);
    expect((await inA.call('DELETE', `/organizations/${a.id}/members/${a.person}`)).body.code).toBe(
      'organizations.manages_member',
    );
  });
});

describe('explain within an organization', () => {
  const ask = async (api: AdminApi, id: string, userId: string, permission = 'users:read') =>
    (await api.call('GET', `/organizations/${id}/explain?${new URLSearchParams({ userId, permission })}`)).body;

  it('names the assignment, the organization and the team by which somebody holds a permission there', async () => {
    const { a, inA, everywhere, roleId } = world;
    const direct = await ask(inA, a.id, a.person);
    const below = await ask(inA, a.below, a.person);
    await everywhere.post(`/organizations/${a.id}/role-assignments`, { roleId, groupId: a.team });
    const both = await ask(inA, a.id, a.person);

    const path = { roleAssignmentId: a.assignment, inForce: true };
    expect([direct, below]).toMatchObject([
      { held: true, paths: [path] },
      { held: true, paths: [path] },
    ]);
    expect((both.paths as Json[]).map(({ steps }) => (steps as Json[]).map(({ type }) => type))).toEqual([
      ['user', 'organization', 'role', 'permission'],
      ['user', 'organization', 'group', 'role', 'permission'],
    ]);
    expect(await ask(inA, a.id, a.guest)).toMatchObject({ held: false, misses: [{ code: 'not_assigned' }] });
  });

  it('what lies in another organization is not there, and what lies above is not told', async () => {
    const { a, b, inA, everywhere, roleId } = world;
    const above = await everywhere.post('/organizations', { name: 'Holding' });
    await everywhere.call('POST', `/organizations/${above.id}/members`, { members: [{ value: a.guest }] });
    await everywhere.call('PATCH', `/organizations/${a.id}`, { parentId: above.id });
    await everywhere.post(`/organizations/${above.id}/role-assignments`, { roleId, userId: a.guest });

    expect((await ask(everywhere, a.id, a.guest)).held).toBe(true);
    expect(JSON.stringify(await ask(inA, a.id, a.guest))).not.toContain('Holding');
    for (const [id, userId] of [
      [b.id, a.person],
      [a.id, b.person],
      [a.id, 'nonsense'],
    ] as const)
      expect((await ask(inA, id, userId)).status).toBe(404);
    await everywhere.call('PATCH', `/organizations/${a.id}`, { parentId: null });
    await everywhere.call('PATCH', `/organizations/${a.id}`, { status: 'suspended' });
    expect(await ask(everywhere, a.id, a.person)).toMatchObject({
      held: false,
      misses: [{ code: 'organization_suspended' }],
    });
    await everywhere.call('PATCH', `/organizations/${a.id}`, { status: 'active' });
  });
});

describe('SECURITY-LESSONS 14: their power never grows', () => {
  const refused = 'access.exceeds_own_permissions';

  it('neither over somebody with power elsewhere, although their account is managed here', async () => {
    const { a, everywhere, inA } = world;
    const [administrator] = items(await everywhere.get('/roles?name=administrator'), 'roles');
    const strong = await everywhere.post('/users', { userName: 'strong@example.com' });
    await everywhere.post('/role-assignments', { roleId: administrator?.id, userId: strong.id });
    await everywhere.call('POST', `/organizations/${a.id}/members`, { members: [{ value: strong.id, managed: true }] });
    const path = `/users/${strong.id}`;

    for (const [method, address, body] of [
      ['PUT', `${path}/password`, { password: 'ten brown hens cross the yard' }],
      ['POST', `${path}/set-password-link`, {}],
      ['PATCH', path, { userName: 'mine@example.com' }],
      ['PATCH', path, { emails: [{ value: 'mine@example.com' }] }],
    ] as const)
      expect([address, (await inA.call(method, address, body)).body.code]).toEqual([address, refused]);
  });

  describe('neither over somebody who may do in an application, elsewhere, what they may not', () => {
    const API = 'https://pay.example.com';
    let payer: Json;
    beforeAll(async () => {
      const { everywhere } = world;
      await everywhere.post('/resource-servers', {
        identifier: API,
        name: 'Pay',
        permissions: [{ value: 'pay:approve' }],
      });
      payer = await everywhere.post('/roles', {
        name: 'payer',
        permissions: [{ resource: API, values: ['pay:approve'] }],
      });
    });

    const WAYS: Readonly<Record<string, (userId: unknown) => Promise<unknown>>> = {
      'a role': (userId) => world.everywhere.post('/role-assignments', { roleId: payer.id, userId }),
      'a role to come': (userId) =>
        world.everywhere.post('/role-assignments', { roleId: payer.id, userId, startsAt: '2999-01-01T00:00:00Z' }),
      'a group': async (userId) => {
        const group = await world.everywhere.post('/groups', {
          displayName: `Of ${userId}`,
          members: [{ value: userId }],
        });
        return world.everywhere.post('/role-assignments', { roleId: payer.id, groupId: group.id });
      },
      'a group they look after': async (userId) => {
        const group = await world.everywhere.post('/groups', { displayName: `Looked after by ${userId}` });
        await world.everywhere.post('/role-assignments', { roleId: payer.id, groupId: group.id });
        return world.everywhere.call('POST', `/groups/${group.id}/owners`, { owners: [{ value: userId }] });
      },
      'another organization': async (userId) => {
        const { b, everywhere } = world;
        await everywhere.call('POST', `/organizations/${b.id}/members`, { members: [{ value: userId }] });
        return everywhere.post(`/organizations/${b.id}/role-assignments`, { roleId: payer.id, userId });
      },
    };

    const TAKE_OVERS: Readonly<Record<string, (path: string) => [string, string, unknown?]>> = {
      'their password': (path) => ['PUT', `${path}/password`, { password: 'ten brown hens cross the yard' }],
      'a link to set it': (path) => ['POST', `${path}/set-password-link`, {}],
      'their user name': (path) => ['PATCH', path, { userName: 'mine@example.com' }],
      'their address': (path) => ['PATCH', path, { emails: [{ value: 'mine@example.com' }] }],
      'who they are elsewhere': (path) => ['PATCH', path, { externalId: 'mine' }],
    };

    let count = 0;
    const managed = async (): Promise<string> => {
      const { a, everywhere } = world;
      count += 1;
      const { id } = await everywhere.post('/users', { userName: `payer-${count}@example.com`, sendInvitation: false });
      await everywhere.call('POST', `/organizations/${a.id}/members`, { members: [{ value: id, managed: true }] });
      return String(id);
    };

    it.each(Object.keys(WAYS))('by %s', async (way) => {
      const id = await managed();
      for (const takeOver of Object.values(TAKE_OVERS)) {
        const [method, address, body] = takeOver(`/users/${id}`);
        if (method !== 'PATCH')
          expect([address, (await world.inA.call(method, address, body)).status]).not.toEqual([address, 403]);
      }
      await WAYS[way]?.(id);
      for (const takeOver of Object.values(TAKE_OVERS)) {
        const [method, address, body] = takeOver(`/users/${id}`);
        const reply = await world.inA.call(method, address, body);
        // Nor are they told what it is.
        expect([address, reply.body.code, JSON.stringify(reply.body).includes('pay:approve')]).toEqual([
          address,
          refused,
          false,
        ]);
      }
      expect((await world.inA.call('PATCH', `/users/${id}`, { title: 'Payer' })).status).toBe(200);
    });

    it('what the administrator may do as well is no obstacle', async () => {
      const { a, everywhere, server } = world;
      const administrator = await managed();
      const person = await managed();
      await WAYS['a group']?.(person);
      const actor = { type: 'user', id: administrator, organizationId: a.id } as const;
      const offer = () => server.foundation.transact(actor, (tx) => offerSetPasswordLink(tx, { userId: person }));

      await expect(offer()).rejects.toMatchObject({ code: refused });
      await everywhere.post('/role-assignments', { roleId: payer.id, userId: administrator });
      await expect(offer()).resolves.toBeDefined();
    });

    it('within their own organization, applications are no obstacle', async () => {
      const { a, everywhere, inA } = world;
      const id = await managed();
      await everywhere.post(`/organizations/${a.id}/role-assignments`, { roleId: payer.id, userId: id });
      const reply = await inA.call('PUT', `/users/${id}/password`, { password: 'ten brown hens cross the yard' });
      expect(reply.status).toBe(204);
    });
  });

  it('nor by roles, teams or rules: what they do not hold here they give to nobody, of applications neither', async () => {
    const { a, everywhere, inA } = world;
    await everywhere.post('/resource-servers', {
      identifier: 'https://api.example.com',
      name: 'Orders',
      permissions: [{ value: 'orders:read' }],
    });
    const orders = await everywhere.post('/roles', {
      name: 'orders',
      permissions: [{ resource: 'https://api.example.com', values: ['orders:read'] }],
    });
    const team = await everywhere.post('/groups', { displayName: 'Buyers', organizationId: a.id });
    await everywhere.post(`/organizations/${a.id}/role-assignments`, { roleId: orders.id, groupId: team.id });
    const byRule = await everywhere.post('/groups', {
      displayName: 'All buyers',
      membershipRule: 'department eq "Buying"',
    });
    await everywhere.post('/role-assignments', { roleId: orders.id, groupId: byRule.id });
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

    for (const [method, address, body] of [
      ['POST', `/organizations/${a.id}/role-assignments`, { roleId: orders.id, userId: a.person }],
      ['POST', `/groups/${team.id}/members`, { members: [{ value: a.person }] }],
      ['PATCH', `/users/${a.person}`, { [enterprise]: { department: 'Buying' } }],
    ] as const)
      expect([address, (await inA.call(method, address, body)).body.code]).toEqual([address, refused]);
    expect(
      (await everywhere.call('POST', '/role-assignments', { roleId: orders.id, groupId: team.id })).body.code,
    ).toBe('role_assignments.team');
    expect(
      (await everywhere.call('POST', `/groups/${byRule.id}/members`, { members: [{ value: team.id, type: 'Group' }] }))
        .status,
    ).toBeGreaterThanOrEqual(400);
    expect(
      (await inA.call('POST', `/organizations/${a.id}/role-assignments`, { roleId: world.roleId, userId: a.guest }))
        .status,
    ).toBe(201);
  });

  it('and nobody everywhere takes over an administrator of an organization without holding what they hold', async () => {
    const { a, everywhere, server } = world;
    const admin = await everywhere.post('/roles', {
      name: 'organization administrator',
      permissions: [{ resource: 'urn:doorward:admin', values: ['users:write', 'organizations:write'] }],
    });
    await everywhere.post(`/organizations/${a.id}/role-assignments`, { roleId: admin.id, userId: a.person });
    const helper = await everywhere.post('/clients', {
      client_id: 'helper',
      grant_types: ['client_credentials'],
      permissions: [{ resource: 'urn:doorward:admin', values: ['users:write'] }],
    });
    const answer = await fetch(`${server.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`helper:${helper.client_secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: 'urn:doorward:admin' }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const reply = await everywhere.call(
      'PUT',
      `/users/${a.person}/password`,
      { password: 'ten brown hens cross the yard' },
      { authorization: `Bearer ${token}` },
    );

    expect([reply.status, reply.body.code]).toEqual([403, refused]);
  });
});
