import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { aScimApi, type Body, GROUP, query, resourcesOf, type ScimApi } from './scim-api.ts';

jest.setTimeout(60_000);

let api: ScimApi;

beforeAll(async () => {
  api = await aScimApi();
});
afterAll(() => api.close());

const membersOf = async (id: unknown) => ((await api.call('GET', `/Groups/${id}`)).body.members ?? []) as Body[];
const idsOf = async (id: unknown) => (await membersOf(id)).map(({ value }) => value);

describe('RFC 7643 §4.2: a group may be a member of a group', () => {
  it('is said by type, by $ref, or found out; shown with its type and address', async () => {
    const [person, byType, byRef, byId] = [
      await api.aUser(),
      await api.aGroup(),
      await api.aGroup(),
      await api.aGroup(),
    ];

    const outer = await api.aGroup({
      members: [
        { value: person.id },
        { value: byType.id, type: 'Group' },
        { value: byRef.id, $ref: `../Groups/${byRef.id}` },
        { value: byId.id },
      ],
    });

    expect(await membersOf(outer.id)).toEqual([
      { value: person.id, type: 'User', $ref: `${api.base}/Users/${person.id}` },
      ...[byType, byRef, byId].map(({ id }) => ({ value: id, type: 'Group', $ref: `${api.base}/Groups/${id}` })),
    ]);
    const named = await api.call('GET', `/Groups/${outer.id}?attributes=members.display`);
    expect((named.body.members as Body[]).map(({ display }) => display)).toContain(byType.displayName);
  });

  it('what is assigned to the outer group holds for people of the inner one: the roles of a person say so', async () => {
    const [person, inner] = [await api.aUser(), await api.aGroup()];
    const outer = await api.aGroup();
    const base = await api.admin.post('/roles', { name: `base-${outer.id}` });
    const role = await api.admin.post('/roles', { name: `outer-${outer.id}`, inherits: [base.name] });
    await api.admin.post('/role-assignments', { groupId: outer.id, roleId: role.id });
    const rolesOf = async () => (await api.call('GET', `/Users/${person.id}?attributes=roles`)).body.roles;

    await api.patch(`/Groups/${inner.id}`, { op: 'add', path: 'members', value: [{ value: person.id }] });
    const before = await rolesOf();
    await api.patch(`/Groups/${outer.id}`, { op: 'add', path: 'members', value: [{ value: inner.id }] });
    const after = await rolesOf();
    const listed = await api.call('GET', `/Users${query({ filter: `id eq "${person.id}"`, attributes: 'roles' })}`);

    expect(before).toBeUndefined();
    expect(after).toEqual([{ value: `base-${outer.id}` }, { value: `outer-${outer.id}` }]);
    expect(resourcesOf(listed)).toMatchObject([{ roles: after }]);
    expect((await api.call('GET', `/Users/${person.id}`)).body).not.toHaveProperty('roles');
  });

  it.each<[string, (inner: string) => Body]>([
    ['by a filter', (inner) => ({ op: 'remove', path: `members[value eq "${inner}"]` })],
    ['by a filter on the type', () => ({ op: 'remove', path: 'members[type eq "Group"]' })],
    ['by value', (inner) => ({ op: 'remove', path: 'members', value: [{ value: inner }] })],
    ['by value and type', (inner) => ({ op: 'remove', path: 'members', value: [{ value: inner, type: 'Group' }] })],
  ])('it is taken out %s, and people stay', async (_, operation) => {
    const [person, inner] = [await api.aUser(), await api.aGroup()];
    const { id } = await api.aGroup({ members: [{ value: person.id }, { value: inner.id }] });

    const reply = await api.patch(`/Groups/${id}`, operation(String(inner.id)));

    expect(reply.status).toBe(204);
    expect(await idsOf(id)).toEqual([person.id]);
  });

  it('PUT makes the members exactly those sent, of both kinds', async () => {
    const [one, two, first, second] = [await api.aUser(), await api.aUser(), await api.aGroup(), await api.aGroup()];
    const { id, displayName } = await api.aGroup({ members: [{ value: one.id }, { value: first.id }] });

    const members = [{ value: two.id }, { value: second.id, type: 'Group' }];
    const reply = await api.call('PUT', `/Groups/${id}`, { body: { schemas: [GROUP], displayName, members } });

    expect(reply.status).toBe(200);
    expect(await idsOf(id)).toEqual([two.id, second.id]);
  });

  it('groups are found by the group inside them', async () => {
    const inner = await api.aGroup();
    const outer = await api.aGroup({ members: [{ value: inner.id }] });
    const found = async (filter: string) =>
      resourcesOf(await api.call('GET', `/Groups${query({ filter })}`)).map(({ id }) => id);

    expect(await found(`members.value eq "${inner.id}"`)).toEqual([outer.id]);
    expect(await found(`members[type eq "group" and value eq "${inner.id}"]`)).toEqual([outer.id]);
    expect(await found(`members[type eq "User" and value eq "${inner.id}"]`)).toEqual([]);
    expect(await found(`members[display eq "${String(inner.displayName).toUpperCase()}"]`)).toEqual([outer.id]);
  });

  it('a group inside itself, by whatever way, is refused and nothing is changed', async () => {
    const inner = await api.aGroup();
    const outer = await api.aGroup({ members: [{ value: inner.id }] });

    const circle = await api.patch(`/Groups/${inner.id}`, { op: 'add', path: 'members', value: [{ value: outer.id }] });
    const itself = await api.patch(`/Groups/${inner.id}`, { op: 'add', path: 'members', value: [{ value: inner.id }] });

    expect(circle).toMatchObject({ status: 409, body: { detail: expect.stringContaining('inside itself') } });
    expect(itself.status).toBe(409);
    expect(await idsOf(inner.id)).toEqual([]);
  });
});
