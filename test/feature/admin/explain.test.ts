import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccessApi, anAccessApi, anOrdersApi, ORDERS } from './access-api.ts';
import type { Body } from './people-api.ts';

let api: AccessApi;
let roles: Record<'reader' | 'clerk' | 'manager', string>;

beforeAll(async () => {
  api = await anAccessApi();
  await anOrdersApi(api);
  const aRole = async (name: string, more: object) => String((await api.done('POST', '/roles', { name, ...more })).id);
  roles = {
    reader: await aRole('reader', { permissions: [{ resource: ORDERS, values: ['orders:read'] }] }),
    clerk: await aRole('clerk', { inherits: ['reader'] }),
    manager: await aRole('manager', { inherits: ['clerk', 'reader'] }),
  };
});

afterAll(() => api.close());

const explain = (query: Record<string, string>) => api.done('GET', `/explain?${new URLSearchParams(query)}`);
const assign = (subject: object, role: keyof typeof roles, more: object = {}) =>
  api.done('POST', '/role-assignments', { roleId: roles[role], ...subject, ...more });
const ways = (explanation: Body) =>
  (explanation.paths as { steps: { name: string }[] }[]).map(({ steps }) =>
    steps
      .slice(1)
      .map(({ name }) => name)
      .join(' → '),
  );
const codes = (explanation: Body) => (explanation.misses as { code: string }[]).map(({ code }) => code);

describe('GET /explain', () => {
  it('tells every path: person → group → role → inherited role → permission', async () => {
    const userId = await api.aUser({ userName: 'erin' });
    const group = await api.done('POST', '/groups', { displayName: 'Managers', members: [{ value: userId }] });
    await assign({ groupId: group.id }, 'manager', { reason: 'the team' });
    await assign({ userId }, 'reader');

    const answer = await explain({ userId, permission: 'orders:read', resource: ORDERS });

    expect(answer).toMatchObject({ held: true, misses: [], truncated: false, subject: { type: 'user', name: 'erin' } });
    expect(ways(answer).sort()).toEqual([
      'Managers → manager → clerk → reader → orders:read',
      'Managers → manager → reader → orders:read',
      'reader → orders:read',
    ]);
  });

  it('shows the period of each, and only those in force count', async () => {
    const userId = await api.aUser();
    await assign({ userId }, 'clerk', { startsAt: '2027-01-01T00:00:00.000Z' });
    await assign({ userId }, 'manager', { endsAt: '2026-01-01T00:00:00.000Z', reason: 'was one' });

    const answer = await explain({ userId, permission: 'orders:read' });

    expect(answer.held).toBe(false);
    expect(codes(answer)).toEqual(['assignment_not_started', 'assignment_ended', 'assignment_ended']);
    expect(answer.paths).toMatchObject([
      { state: 'not_started', inForce: false, startsAt: '2027-01-01T00:00:00.000Z' },
      { state: 'ended', endsAt: '2026-01-01T00:00:00.000Z', reason: 'was one' },
      { state: 'ended' },
    ]);
    expect(JSON.stringify(answer.misses)).toContain('2027-01-01T00:00:00.000Z');
  });

  it('a person who is not active holds nothing, and the answer says so', async () => {
    const userId = await api.aUser();
    await assign({ userId }, 'reader');
    await api.done('PATCH', `/users/${userId}`, { active: false });

    const answer = await explain({ userId, permission: 'orders:read' });

    expect([answer.held, codes(answer)]).toEqual([false, ['user_inactive']]);
    expect(ways(answer)).toEqual(['reader → orders:read']);
  });

  it('without any path it names what would give it, or what is unknown', async () => {
    const userId = await api.aUser();

    const notAssigned = await explain({ userId, permission: 'orders:read' });
    const inNoRole = await explain({ userId, permission: 'orders:write' });
    const unknown = await explain({ userId, permission: 'orders:burn' });
    const elsewhere = await explain({ userId, permission: 'orders:read', resource: 'urn:other' });

    expect(codes(notAssigned)).toEqual(['not_assigned']);
    expect(JSON.stringify(notAssigned.misses)).toContain('clerk, manager, reader');
    expect([codes(inNoRole), codes(unknown), codes(elsewhere)]).toEqual([
      ['in_no_role'],
      ['permission_unknown'],
      ['permission_unknown'],
    ]);
  });

  it('for a client: its own permissions and its roles; disabled is a reason', async () => {
    const permissions = [{ resource: ORDERS, values: ['orders:read'] }];
    await api.done('POST', '/clients', {
      client_id: 'svc',
      client_name: 'Service',
      grant_types: ['client_credentials'],
      permissions,
    });
    await assign({ clientId: 'svc' }, 'clerk');

    const held = await explain({ clientId: 'svc', permission: 'orders:read' });
    await api.done('PATCH', '/clients/svc', { enabled: false });
    const disabled = await explain({ clientId: 'svc', permission: 'orders:read' });

    expect(held).toMatchObject({ held: true, subject: { type: 'client', id: 'svc', name: 'Service' } });
    expect(ways(held)).toEqual(['orders:read', 'clerk → reader → orders:read']);
    expect([disabled.held, codes(disabled)]).toEqual([false, ['client_disabled']]);
  });

  it('stays bounded in a web of roles with very many ways', async () => {
    const layer = async (names: string[], inherits: string[]) => {
      for (const name of names) await api.done('POST', '/roles', { name, inherits });
      return names;
    };
    let below = ['reader'];
    for (let level = 0; level < 8; level += 1)
      below = await layer(
        [1, 2, 3, 4].map((n) => `web ${level}.${n}`),
        below,
      );
    const top = await api.done('POST', '/roles', { name: 'web top', inherits: below });
    const userId = await api.aUser();
    await api.done('POST', '/role-assignments', { roleId: top.id, userId });

    const answer = await explain({ userId, permission: 'orders:read' });

    expect([answer.held, answer.truncated]).toEqual([true, true]);
    expect(answer.paths).toHaveLength(100);
  });

  it.each([
    ['neither person nor client', { permission: 'x' }, 422],
    ['both', { userId: 'a', clientId: 'b', permission: 'x' }, 422],
    ['an unknown person', { userId: '00000000-0000-7000-8000-000000000000', permission: 'x' }, 404],
    ['a malformed person', { userId: 'x', permission: 'x' }, 404],
    ['an unknown client', { clientId: 'no-such', permission: 'x' }, 404],
    ['no permission', { clientId: 'svc' }, 422],
  ])('%s is refused', async (_, query: Record<string, string>, status) => {
    expect((await api.call('GET', `/explain?${new URLSearchParams(query)}`)).status).toBe(status);
  });
});
