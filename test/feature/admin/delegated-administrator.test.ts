import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { adminPermissions } from '../../../src/domain/access/admin-permissions.ts';
import { evaluateAccess } from '../../../src/domain/access/effective-access.ts';
import { loadClientAccess, loadUserAccess } from '../../../src/domain/access/load-access.ts';
import { type AccessApi, ADMIN, anAccessApi } from './access-api.ts';
import { items, type Reply } from './people-api.ts';

let api: AccessApi;

beforeAll(async () => {
  api = await anAccessApi();
});

afterAll(() => api.close());

const grant = (...values: string[]) => [{ resource: ADMIN, values }];
/** Far enough ahead for every assignment that has no end: what is to come counts. */
const LATER = Date.parse('2090-01-01T00:00:00Z');
const powerOf = async (userId: string) =>
  [...(evaluateAccess(await loadUserAccess(api.read, userId), LATER).access.permissions.get(ADMIN) ?? [])].sort();
const powerOfClient = async (clientId: string) =>
  [...(evaluateAccess(await loadClientAccess(api.read, clientId), LATER).access.permissions.get(ADMIN) ?? [])].sort();

const EVERY_WRITE = [
  'users:write',
  'groups:write',
  'roles:write',
  'role-assignments:write',
  'clients:write',
  'resource-servers:write',
];

describe('SECURITY-LESSONS 14: a delegated administrator never gives more than they hold', () => {
  const refused = (reply: Reply) =>
    expect([reply.status, reply.body.code]).toEqual([403, 'access.exceeds_own_permissions']);

  it('by role: neither with permissions, nor by inheritance, nor by assignment, to whomever', async () => {
    const { id, token } = await api.aDelegate(EVERY_WRITE);
    const [administrator] = items(await api.call('GET', '/roles?name=administrator'), 'roles');
    const strong = await api.done('POST', '/roles', { name: 'auditor', permissions: grant('audit-events:read') });
    const weak = await api.done('POST', '/roles', { name: 'weak' }, { token });
    await api.done('POST', '/clients', { client_id: 'mine', grant_types: ['client_credentials'] }, { token });
    const group = await api.done('POST', '/groups', { displayName: 'Mine' });
    const other = await api.aUser();

    refused(await api.call('POST', '/roles', { body: { name: 'x', permissions: grant('keys:write') }, token }));
    refused(await api.call('POST', '/roles', { body: { name: 'x', inherits: ['auditor'] }, token }));
    refused(
      await api.call('PATCH', `/roles/${weak.id}`, {
        body: { permissions: grant('users:write', 'users:read') },
        token,
      }),
    );
    refused(await api.call('PATCH', `/roles/${weak.id}`, { body: { inherits: ['administrator'] }, token }));
    for (const roleId of [administrator?.id, strong.id]) {
      for (const subject of [{ userId: id }, { userId: other }, { groupId: group.id }, { clientId: 'mine' }]) {
        refused(await api.call('POST', '/role-assignments', { body: { roleId, ...subject }, token }));
        const startsAt = '2080-01-01T00:00:00Z';
        refused(await api.call('POST', '/role-assignments', { body: { roleId, ...subject, startsAt }, token }));
      }
    }
    expect(await powerOf(id)).toEqual([...EVERY_WRITE].sort());
  });

  it('by a role or client of their own: what is being put into it does not count as held', async () => {
    const { id, token } = await api.aDelegate(EVERY_WRITE);
    const own = await api.done('POST', '/roles', { name: 'own' }, { token });
    await api.done('POST', '/role-assignments', { roleId: own.id, userId: id }, { token });
    const flow = { grant_types: ['client_credentials'], permissions: grant('clients:write') };
    await api.done('POST', '/clients', { client_id: 'self', ...flow });
    const self = api.tokenFor(['clients:write'], { type: 'client', id: 'self' });

    refused(await api.call('PATCH', `/roles/${own.id}`, { body: { permissions: grant('keys:write') }, token }));
    refused(await api.call('PATCH', `/roles/${own.id}`, { body: { inherits: ['administrator'] }, token }));
    const permissions = grant('clients:write', 'keys:write');
    refused(await api.call('PATCH', '/clients/self', { body: { permissions }, token: self }));
  });

  it('by period: an assignment that ended cannot be brought back', async () => {
    const { id, token } = await api.aDelegate(EVERY_WRITE);
    const role = await api.done('POST', '/roles', { name: 'was', permissions: grant('keys:write') });
    const ended = await api.done('POST', '/role-assignments', {
      roleId: role.id,
      userId: id,
      endsAt: '2026-01-01T00:00:00Z',
    });

    refused(await api.call('PATCH', `/role-assignments/${ended.id}`, { body: { endsAt: null }, token }));
  });

  it('by group: nobody is added to a group whose roles reach further, now or later', async () => {
    const { id, token } = await api.aDelegate(EVERY_WRITE);
    const role = await api.done('POST', '/roles', { name: 'group role', permissions: grant('keys:write') });
    const group = await api.done('POST', '/groups', { displayName: 'Key keepers' });
    await api.done('POST', '/role-assignments', {
      roleId: role.id,
      groupId: group.id,
      startsAt: '2080-01-01T00:00:00Z',
    });

    refused(await api.call('POST', `/groups/${group.id}/members`, { body: { members: [{ value: id }] }, token }));
  });

  it('by person: the password, link and addresses of someone with more power stay out of reach', async () => {
    const { token } = await api.aDelegate(EVERY_WRITE);
    const path = `/users/${api.administratorId}`;

    refused(await api.call('PUT', `${path}/password`, { body: { password: 'seven otters keep the ledger' }, token }));
    refused(await api.call('POST', `${path}/set-password-link`, { body: {}, token }));
    refused(await api.call('PATCH', path, { body: { emails: [{ value: 'evil@example.com' }] }, token }));
    refused(await api.call('PATCH', path, { body: { userName: 'evil' }, token }));
  });

  it('by client: neither new permissions, nor the settings or secrets of one with more power', async () => {
    const { token } = await api.aDelegate(EVERY_WRITE);
    const flow = { grant_types: ['client_credentials'] };
    await api.done('POST', '/clients', { client_id: 'strong', ...flow, permissions: grant('keys:write') });
    await api.done('POST', '/clients', { client_id: 'by-role', ...flow });
    const role = await api.done('POST', '/roles', { name: 'client role', permissions: grant('keys:write') });
    await api.done('POST', '/role-assignments', { roleId: role.id, clientId: 'by-role' });

    refused(await api.call('POST', '/clients', { body: { ...flow, permissions: grant('keys:write') }, token }));
    for (const id of ['strong', 'by-role']) {
      refused(await api.call('PATCH', `/clients/${id}`, { body: { client_name: 'mine now' }, token }));
      refused(await api.call('POST', `/clients/${id}/secrets`, { body: {}, token }));
    }
    refused(await api.call('PATCH', '/clients/by-role', { body: { permissions: grant('keys:write') }, token }));
    expect(await powerOfClient('by-role')).toEqual(['keys:write']);
  });

  it('by first-party client: signing people in without asking them takes every permission', async () => {
    const { token } = await api.aDelegate(EVERY_WRITE);
    const web = { client_id: 'fp', first_party: true, redirect_uris: ['https://fp.example.com/cb'] };

    refused(await api.call('POST', '/clients', { body: web, token }));
    await api.done('POST', '/clients', web);
    refused(
      await api.call('PATCH', '/clients/fp', { body: { redirect_uris: ['https://evil.example.com/cb'] }, token }),
    );
    refused(await api.call('POST', '/clients/fp/secrets', { body: {}, token }));
    const third = await api.call('POST', '/clients', { body: { ...web, client_id: 'tp', first_party: false }, token });
    expect(third.status).toBe(201);
    refused(await api.call('PATCH', '/clients/tp', { body: { first_party: true }, token }));
  });

  it('what they hold they may give, and taking away is always open to them', async () => {
    const { token } = await api.aDelegate([...EVERY_WRITE, 'users:read']);
    const userId = await api.aUser();
    const role = await api.done('POST', '/roles', { name: 'helper', permissions: grant('users:read') }, { token });
    const strong = await api.done('POST', '/roles', { name: 'strong', permissions: grant('keys:write', 'users:read') });
    const assigned = await api.done('POST', '/role-assignments', { roleId: strong.id, userId });

    expect((await api.call('POST', '/role-assignments', { body: { roleId: role.id, userId }, token })).status).toBe(
      201,
    );
    expect(
      (await api.call('PATCH', `/roles/${strong.id}`, { body: { permissions: grant('users:read') }, token })).status,
    ).toBe(200);
    expect((await api.call('DELETE', `/role-assignments/${assigned.id}`, { token })).status).toBe(204);
  });

  it('a caller who is nobody known holds nothing and gives nothing', async () => {
    const stranger = api.tokenFor(Object.keys(adminPermissions), { type: 'client', id: 'no-such-client' });
    const gone = api.tokenFor(Object.keys(adminPermissions), {
      type: 'user',
      id: '00000000-0000-7000-8000-000000000000',
    });
    const anonymous = api.tokenFor(Object.keys(adminPermissions), { type: 'anonymous', id: 'x' });

    for (const token of [stranger, gone, anonymous])
      refused(await api.call('POST', '/roles', { body: { name: 'x', permissions: grant('users:read') }, token }));
  });
});

describe('property', () => {
  type Step = readonly [kind: number, a: number, b: number, c: number];
  const ROLES = 5;

  /** A small world: roles of every strength, some groups, people and clients, and a delegate with a few of the permissions. */
  async function aWorld(seed: string, held: readonly string[]) {
    const all = Object.keys(adminPermissions);
    const roles: string[] = [];
    for (let n = 0; n < ROLES; n += 1) {
      const values = n === 0 ? [] : n === 1 ? [...held].slice(0, 2) : all.slice(n * 3, n * 3 + 4);
      const role = await api.done('POST', '/roles', { name: `${seed} r${n}`, permissions: grant(...values) });
      roles.push(String(role.id));
    }
    const groups = [
      await api.done('POST', '/groups', { displayName: `${seed} g0` }),
      await api.done('POST', '/groups', { displayName: `${seed} g1` }),
    ].map(({ id }) => String(id));
    await api.done('POST', '/role-assignments', { roleId: roles[3], groupId: groups[1] });
    const delegate = await api.aDelegate(held);
    const friend = await api.aUser();
    const clientId = `${seed}-client`;
    await api.done('POST', '/clients', { client_id: clientId, grant_types: ['client_credentials'] });
    return { roles, groups, people: [delegate.id, friend], clientId, delegate, friend };
  }

  it('for random sequences of calls, neither the delegate nor anyone they touch ever holds more than the delegate did', async () => {
    const all = Object.keys(adminPermissions);
    const extra = fc.subarray(
      all.filter((value) => !EVERY_WRITE.includes(value)),
      { maxLength: 4 },
    );
    const step: fc.Arbitrary<Step> = fc.tuple(fc.nat(9), fc.nat(99), fc.nat(99), fc.nat(99));
    let round = 0;

    await fc.assert(
      fc.asyncProperty(extra, fc.array(step, { minLength: 6, maxLength: 18 }), async (more, steps) => {
        round += 1;
        const world = await aWorld(`p${round}-${process.pid}`, [...EVERY_WRITE, ...more]);
        const { roles, groups, people, clientId, delegate } = world;
        const before = await powerOf(delegate.id);
        const { token } = delegate;
        const of = <Item>(list: readonly Item[], n: number) => list[n % list.length];
        const actAs: readonly ((a: number, b: number, c: number) => Promise<Reply>)[] = [
          (a, b) =>
            api.call('POST', '/role-assignments', { token, body: { roleId: of(roles, a), userId: of(people, b) } }),
          (a, b) =>
            api.call('POST', '/role-assignments', { token, body: { roleId: of(roles, a), groupId: of(groups, b) } }),
          (a) => api.call('POST', '/role-assignments', { token, body: { roleId: of(roles, a), clientId } }),
          (a, b, c) =>
            api.call('PATCH', `/roles/${of(roles, a)}`, {
              token,
              body: { permissions: grant(...new Set([of(all, b) ?? '', of(all, c) ?? ''])) },
            }),
          (a, b) =>
            api.call('PATCH', `/roles/${of(roles, a)}`, {
              token,
              body: { inherits: [`p${round}-${process.pid} r${b % ROLES}`] },
            }),
          (a, b) =>
            api.call('POST', `/groups/${of(groups, a)}/members`, {
              token,
              body: { members: [{ value: of(people, b) }] },
            }),
          (a, b) =>
            api.call('PATCH', `/clients/${clientId}`, {
              token,
              body: { permissions: grant(...new Set([of(all, a) ?? '', of(all, b) ?? ''])) },
            }),
          (a, b) =>
            api.call('POST', '/roles', {
              token,
              body: {
                name: `n${round}.${a}.${b}`,
                permissions: grant(of(all, a) ?? ''),
                inherits: ['administrator'].slice(b % 2),
              },
            }),
          (a) =>
            api.call('PATCH', `/roles/${of(roles, a)}`, {
              token,
              body: { name: `p${round}-${process.pid} renamed ${a}` },
            }),
          (a, b) =>
            api.call('POST', '/role-assignments', {
              token,
              body: { roleId: of(roles, a), userId: of(people, b), startsAt: '2080-01-01T00:00:00Z' },
            }),
        ];

        // Some of them at once: a check that reads before another write must not let both pass.
        for (let at = 0; at < steps.length; at += 3) {
          const replies = await Promise.all(steps.slice(at, at + 3).map(([kind, a, b, c]) => actAs[kind]?.(a, b, c)));
          for (const reply of replies) expect(reply?.status ?? 0).toBeLessThan(500);
        }

        for (const held of [await powerOf(delegate.id), await powerOf(world.friend), await powerOfClient(clientId)]) {
          expect(held.filter((value) => !before.includes(value))).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
