import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportAudit } from '../../../src/domain/audit/export-audit.ts';
import { eraseDeletedUsers } from '../../../src/domain/lifecycle/erase-deleted-users.ts';
import { createUserAttributeLookup } from '../../../src/domain/user-attributes/user-attribute-lookup.ts';
import { ENTERPRISE } from '../../../src/domain/users/enterprise-input.ts';
import { verifyEmail } from '../../../src/domain/users/verify-email.ts';
import { addDeletedUserRoutes } from '../../../src/endpoints/admin/deleted-users.ts';
import { aPeopleApi, type Body, faults, items, operator, type PeopleApi } from '../admin/people-api.ts';

const DAYS = 30;
const DAY_SECONDS = 86_400;
let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi((router, { read, transact, changes }) => {
    const userAttributes = createUserAttributeLookup({ read, changes });
    const clock = { now: () => api.clock.now() };
    addDeletedUserRoutes(router, { read, transact, clock, userAttributes, deletedUserRetentionDays: DAYS });
  });
});

afterAll(() => api.close());

const whole = (userName: string): Body => ({
  userName,
  name: { givenName: 'Zacharias', familyName: 'Quillfeather' },
  displayName: 'Zacharias Q.',
  emails: [{ value: `${userName}@quill.example`, type: 'work', primary: true, verified: true }],
  phoneNumbers: [{ value: `tel-of-${userName}` }],
  title: 'Keeper of Quills',
  [ENTERPRISE]: { department: 'Quillery', employeeNumber: `number-of-${userName}` },
  password: 'seven otters keep the ledger',
});
const deleted = async () => items(await api.call('GET', '/deleted-users'), 'deletedUsers');
const remove = (id: string) => api.call('DELETE', `/users/${id}`);
const restore = (name: string) => api.call('POST', `/deleted-users/${encodeURIComponent(name)}/restore`);
const erase = (name: string) => api.call('DELETE', `/deleted-users/${encodeURIComponent(name)}`);

describe('a deleted person', () => {
  it('is nowhere but in the list of the deleted, and comes back as themselves: inactive, with attributes alone', async () => {
    const id = await api.aUser(whole('zac-one'));
    const group = await api.call('POST', '/groups', { body: { displayName: 'Quills', members: [{ value: id }] } });
    const before = (await api.call('GET', `/users/${id}`)).body;

    expect((await remove(id)).status).toBe(204);

    expect((await api.call('GET', `/users/${id}`)).status).toBe(404);
    expect(items(await api.call('GET', '/users?familyName=Quillfeather'), 'users')).toEqual([]);
    const [entry] = await deleted();
    expect(entry).toMatchObject({ id, userName: 'zac-one', groups: ['Quills'], roles: [] });
    const back = await restore(id);
    expect(back.status).toBe(200);
    const { version: _, updatedAt: __, ...same } = before;
    expect(back.body).toMatchObject({ ...same, active: false, status: 'inactive' });
    expect(await deleted()).toEqual([]);
    const [left] = await api.read.query<{ passwords: number; members: number }>(
      `SELECT (SELECT count(*)::int FROM password_credentials WHERE user_id = $1) AS passwords,
         (SELECT count(*)::int FROM group_members WHERE group_id = $2) AS members`,
      [id, group.body.id],
    );
    expect(left).toEqual({ passwords: 0, members: 0 });
    expect((await api.auditOf(back)).map(({ type }) => type)).toEqual(['users.restored']);
  });

  it('keeps their userName from everyone else, in a creation and in a change, in any case', async () => {
    await remove(await api.aUser(whole('zac-two')));
    const other = await api.aUser();

    const created = await api.call('POST', '/users', { body: { userName: 'ZAC-two' } });
    const renamed = await api.call('PATCH', `/users/${other}`, { body: { userName: 'zac-TWO' } });

    for (const reply of [created, renamed])
      expect([reply.status, reply.body.code, faults(reply)]).toEqual([409, 'users.user_name_reserved', ['/userName']]);
    await erase('zac-two');
    expect((await api.call('POST', '/users', { body: { userName: 'ZAC-two' } })).status).toBe(201);
  });

  it('of a deletion and creations of their userName at once, the name never goes to another', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await api.aUser({ userName: `racer-${round}` });
      const create = () => api.call('POST', '/users', { body: { userName: `racer-${round}` } });

      const [, ...replies] = await Promise.all([remove(id), create(), create(), create()]);

      expect(replies.map(({ status }) => status)).toEqual([409, 409, 409]);
    }
  });

  it('of two restorations at once one wins; after the window there is none, erased already or not', async () => {
    const id = await api.aUser(whole('zac-three'));
    await remove(id);
    const replies = await Promise.all([restore(id), restore('zac-three')]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 404]);

    await remove(id);
    api.clock.advanceSeconds(DAYS * DAY_SECONDS);

    expect((await restore(id)).status).toBe(404);
    expect(await deleted()).toEqual([]);
  });

  it('who is not deleted is no deleted user', async () => {
    const id = await api.aUser();
    for (const name of [id, 'nobody', '00000000-0000-7000-8000-000000000000', '%00'])
      expect([name, (await restore(name)).status, (await erase(name)).status]).toEqual([name, 404, 404]);
  });

  it('restoring and erasing need users:write, the list users:read', async () => {
    const id = await api.aUser();
    await remove(id);
    const calls = [
      ['GET', '/deleted-users', 'users:read'],
      ['POST', `/deleted-users/${id}/restore`, 'users:write'],
      ['DELETE', `/deleted-users/${id}`, 'users:write'],
    ] as const;
    for (const [method, path, permission] of calls) {
      const token = api.tokenFor(['users:read', 'users:write', 'groups:write'].filter((one) => one !== permission));
      expect((await api.call(method, path, { token })).status).toBe(403);
      expect((await api.call(method, path, { token: null })).status).toBe(401);
    }
  });
});

describe('erasure', () => {
  /** Every text in every table, as an attacker with the database would read it. */
  async function everything(): Promise<string> {
    const names = await api.read.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const texts: string[] = [];
    for (const { name } of names) {
      const rows = await api.read.query<{ text: string }>(`SELECT t::text AS text FROM "${name}" t`);
      texts.push(...rows.map(({ text }) => text));
    }
    return texts.join('\n');
  }

  it('leaves nothing of the person in any table, and the log of what was done under their id', async () => {
    const id = await api.aUser(whole('zac-gone'));
    await api.call('PATCH', `/users/${id}`, { body: { title: 'Master of Quills', displayName: 'Zacharias the Gone' } });
    await api.call('PATCH', `/users/${id}`, { body: { emails: [{ value: 'other@quill.example' }] } });
    await api.transact(operator, (tx) => verifyEmail(tx, { userId: id, addressKey: 'other@quill.example' }));
    const traces = [
      'zac-gone',
      'other@quill.example',
      'Zacharias the Gone',
      'Master of Quills',
      'tel-of-zac-gone',
      'number-of-zac-gone',
    ];
    for (const trace of traces) expect([trace, (await everything()).includes(trace)]).toEqual([trace, true]);
    await remove(id);

    await erase(id);

    const left = await everything();
    for (const trace of traces) expect([trace, left.includes(trace)]).toEqual([trace, false]);
    const events = await api.read.query<{ type: string; details: Body }>(
      'SELECT type, details FROM audit_events WHERE target_id = $1 ORDER BY occurred_at, id',
      [id],
    );
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set([
        'users.created',
        'passwords.changed',
        'emails.verified',
        'users.updated',
        'users.deleted',
        'users.erased',
      ]),
    );
    const changed = events.filter(({ type }) => type === 'users.updated').map(({ details }) => details.changed);
    expect(changed).toEqual(expect.arrayContaining([{ title: {}, displayName: {} }, { emails: {} }]));
  });

  it('comes by itself when the window is over, and only then', async () => {
    const id = await api.aUser(whole('zac-waits'));
    await remove(id);
    const run = () => {
      const deletedUntil = new Date(api.clock.now().getTime() - DAYS * DAY_SECONDS * 1000);
      return eraseDeletedUsers(api, deletedUntil);
    };
    api.clock.advanceSeconds(DAYS * DAY_SECONDS - 1);
    await run();
    expect((await deleted()).map(({ userName }) => userName)).toContain('zac-waits');

    api.clock.advanceSeconds(1);
    await Promise.all([run(), run()]);

    const [row] = await api.read.query<Body>('SELECT user_name, snapshot, erased_at FROM deleted_users WHERE id = $1', [
      id,
    ]);
    expect(row).toEqual({ user_name: null, snapshot: null, erased_at: api.clock.now() });
  });

  it('what the log says of people is shown and exported until then, and neither changed nor removed', async () => {
    const id = await api.aUser(whole('zac-stays'));
    const lines: string[] = [];
    for await (const line of exportAudit(api.read)) lines.push(line);

    const line = lines
      .map((text) => JSON.parse(text) as Body)
      .find((one) => one.type === 'users.created' && one.target_id === id);
    const { personal = {} } = line as { personal?: { content?: string } };
    expect(JSON.parse(String(personal.content))).toMatchObject({
      changed: { userName: { to: 'zac-stays' } },
    });
    for (const sql of [
      `UPDATE audit_personal_details SET content = '{}'`,
      `DELETE FROM audit_personal_details WHERE user_id = '${id}'`,
      'TRUNCATE audit_personal_details',
    ])
      await expect(api.dataSource.query(sql)).rejects.toThrow(/refused/);
  });
});
