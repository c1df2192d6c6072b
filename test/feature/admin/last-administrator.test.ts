import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPeopleApi, type PeopleApi, type Reply } from './people-api.ts';

let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi();
});

afterAll(() => api.close());

async function assign(subject: 'user_id' | 'group_id', id: string): Promise<void> {
  await api.dataSource.query(
    `INSERT INTO role_assignments (id, role_id, ${subject}, created_at, updated_at)
     SELECT gen_random_uuid(), id, $1, now(), now() FROM roles WHERE name = 'administrator'`,
    [id],
  );
}

/** Two administrators and nobody else; with `through` set, by way of groups. */
async function twoAdministrators(): Promise<[string, string]> {
  await api.dataSource.query('DELETE FROM role_assignments');
  const ids: [string, string] = [await api.aUser(), await api.aUser()];
  for (const id of ids) await assign('user_id', id);
  return ids;
}

describe('the last administrator cannot be removed', () => {
  const removals: readonly (readonly [string, (id: string) => Promise<Reply>])[] = [
    ['deleting', (id) => api.call('DELETE', `/users/${id}`)],
    ['deactivating', (id) => api.call('PATCH', `/users/${id}`, { body: { active: false } })],
    ['suspending', (id) => api.call('PATCH', `/users/${id}`, { body: { status: 'suspended' } })],
    ['setting a last day', (id) => api.call('PATCH', `/users/${id}`, { body: { endsAt: '2031-01-01T00:00:00Z' } })],
    ['deactivating and renaming', (id) => api.call('PATCH', `/users/${id}`, { body: { active: false, title: id } })],
  ];
  const pairs = removals.flatMap(([a, first]) =>
    removals.map(([b, second]) => [`${a} | ${b}`, first, second] as const),
  );

  it.each(pairs)('%s: of two at once one is refused, and its person stays as they were', async (_, first, second) => {
    const [one, other] = await twoAdministrators();

    const replies = await Promise.all([first(one), second(other)]);

    const refused = replies.filter((reply) => reply.status === 409);
    expect(refused.map((reply) => reply.body.code)).toEqual(['access.last_administrator']);
    expect(replies.filter((reply) => reply.status < 300)).toHaveLength(1);
    const left = await api.read.query(
      "SELECT id FROM users WHERE status = 'active' AND ends_at IS NULL AND id = ANY($1::uuid[])",
      [[one, other]],
    );
    expect(left).toHaveLength(1);
    expect(await api.auditOf(refused[0] ?? replies[0])).toEqual([]);
  });

  it('nor by taking the group that makes them one, or them out of it', async () => {
    await api.dataSource.query('DELETE FROM role_assignments');
    const person = await api.aUser();
    const group = await api.call('POST', '/groups', {
      body: { displayName: 'Administrators', members: [{ value: person }] },
    });
    await assign('group_id', String(group.body.id));

    const replies = await Promise.all([
      api.call('DELETE', `/groups/${group.body.id}`),
      api.call('DELETE', `/groups/${group.body.id}/members/${person}`),
      api.call('PATCH', `/users/${person}`, { body: { active: false } }),
      api.call('DELETE', `/users/${person}`),
    ]);

    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
      replies.map(() => [409, 'access.last_administrator']),
    );
  });

  it('nor by taking a group out of the one above that makes its people administrators', async () => {
    await api.dataSource.query('DELETE FROM role_assignments');
    const person = await api.aUser();
    const aGroup = async (displayName: string, members: readonly object[]) =>
      String((await api.call('POST', '/groups', { body: { displayName, members } })).body.id);
    const below = await aGroup('Operators', [{ value: person }]);
    const between = await aGroup('Staff', [{ value: below, type: 'Group' }]);
    const above = await aGroup('All administrators', [{ value: between, type: 'Group' }]);
    await assign('group_id', above);

    const replies = [
      await api.call('DELETE', `/groups/${above}/members/${between}`),
      await api.call('DELETE', `/groups/${between}/members/${below}`),
      await api.call('DELETE', `/groups/${below}/members/${person}`),
      await api.call('DELETE', `/groups/${below}`),
      await api.call('DELETE', `/groups/${between}`),
      await api.call('DELETE', `/groups/${above}`),
      await api.call('DELETE', `/users/${person}`),
    ];

    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
      replies.map(() => [409, 'access.last_administrator']),
    );
  });

  it('a person without that role can always go', async () => {
    await twoAdministrators();
    const id = await api.aUser();

    expect((await api.call('DELETE', `/users/${id}`)).status).toBe(204);
  });
});
