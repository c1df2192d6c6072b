import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignRole } from '../../../src/domain/access/assign-role.ts';
import { createRole } from '../../../src/domain/access/create-role.ts';
import { OWN_ACTIVITY } from '../../../src/domain/audit/own-activity.ts';
import { smallestIdAt } from '../../../src/domain/audit/search-audit.ts';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { addGroupMembers } from '../../../src/domain/groups/group-members.ts';
import { endSession } from '../../../src/domain/sessions/end-session.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { WebVisitor } from '../../support/web-visitor.ts';
import { aPerson, password } from '../interaction/a-sign-in.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function signedIn(person: User): Promise<WebVisitor> {
  const visitor = new WebVisitor(server, { userAgent: firefox });
  await visitor.signIn(await visitor.get('/account/activity'), person.userName, password);
  return visitor;
}
const text = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('issue 5 item 10: /account/activity', () => {
  it('shows sign-ins with browser and network, refused ones too', async () => {
    const person = await aPerson(server);
    const stranger = new WebVisitor(server);
    await stranger.signIn(await stranger.get('/account'), person.userName, 'wrong');

    const page = text((await (await signedIn(person)).get('/account/activity')).html);

    expect(page).toMatch(/Signed in .* By you Firefox on Linux 127\.0\.0\.0\/24/);
    expect(page).toMatch(/A sign-in was refused .* By somebody who was not signed in/);
  });

  it('shows what administrators changed, by name, but not who they are and from where', async () => {
    const person = await aPerson(server);
    const admin = await aPerson(server);
    const actor = { type: 'user', id: admin.id, ipAddress: '203.0.113.9', userAgent: firefox } as const;
    const operator = { type: 'operator', id: 'test' } as const;
    const { transact, read } = server.foundation;
    await transact(actor, (tx) => updateUser(tx, { id: person.id, patch: { title: 'Clerk' } }));
    await transact(operator, async (tx) => {
      const role = await createRole(tx, { name: `clerk-${person.id}`, permissions: [], inherits: [] });
      await assignRole(tx, { roleId: role.id, userId: person.id });
      const group = await createGroup(tx, { displayName: `Sales ${person.id}` });
      await addGroupMembers(tx, { groupId: group.id, userIds: [person.id] });
    });
    await signedIn(person);
    const [session] = await read.query<{ id: Buffer }>(
      `SELECT id FROM provider_records WHERE account_id = $1 AND model = 'Session'`,
      [person.id],
    );
    await transact(actor, (tx) => endSession(tx, { id: session?.id.toString('base64url') ?? '' }));

    const page = text((await (await signedIn(person)).get('/account/activity')).html);

    expect(page).toMatch(/Details of the account were changed: title .*? By an administrator/);
    expect(page).toContain(`A role was given: clerk-${person.id}`);
    expect(page).toContain(`Added to a group: Sales ${person.id}`);
    expect(page).toMatch(/A session was ended .*? By an administrator/);
    expect(page).not.toContain(admin.userName);
    expect(page).not.toContain('203.0.113');
  });

  it("shows nothing of anybody else's", async () => {
    const [person, other] = [await aPerson(server), await aPerson(server)];
    await server.foundation.transact({ type: 'operator', id: 'test' }, (tx) =>
      updateUser(tx, { id: other.id, patch: { nickName: 'Otter' } }),
    );

    expect((await (await signedIn(person)).get('/account/activity')).html).not.toContain('nickName');
  });

  it('goes on to older pages', async () => {
    const person = await aPerson(server);
    for (let count = 0; count < 55; count += 1)
      await server.foundation.transact({ type: 'operator', id: 'test' }, (tx) =>
        updateUser(tx, { id: person.id, patch: { nickName: `Otter ${count}` } }),
      );
    const visitor = await signedIn(person);

    const first = await visitor.get('/account/activity');
    const older = await visitor.get(/href="(\/account\/activity\?cursor=[^"]+)"/.exec(first.html)?.[1] ?? '');

    const entries = (html: string) => html.split('class="entry"').length - 1;
    expect(entries(first.html)).toBe(50);
    expect(entries(older.html)).toBeGreaterThanOrEqual(7);
    expect(older.html).toContain('The account was created');
    expect(older.html).not.toContain('>Older<');
  });

  it('a made-up cursor is refused, not a server error', async () => {
    const visitor = await signedIn(await aPerson(server));

    expect((await visitor.get('/account/activity?cursor=zzz')).status).toBe(422);
  });

  it('DESIGN: is read through indexes, however many tokens the person got', async () => {
    const person = await aPerson(server);
    const { pool } = server.foundation;
    // Half are tokens of this person, half the like of what is looked for, of other people.
    await pool.query(
      `INSERT INTO audit_events_sealed (id, occurred_at, type, outcome, actor_type, actor_id, target_type, target_id, sequence)
       SELECT (substr($2, 1, 24) || lpad(to_hex(n), 12, '0'))::uuid, now(),
         CASE WHEN n % 2 = 0 AND n % 2000 > 0 THEN 'tokens.issued' WHEN n % 3 = 0 THEN 'sessions.ended' ELSE 'users.updated' END,
         'success', 'client', 'web', 'user', CASE WHEN n % 2 = 0 THEN $1 ELSE 'person ' || n % 500 END, 1000000 + n
       FROM generate_series(1, 20000) AS n`,
      [person.id, smallestIdAt(new Date())],
    );
    await pool.query('ANALYZE audit_events_sealed');

    const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${OWN_ACTIVITY}`,
      [person.id, ['users.updated'], 'ffffffff-ffff-ffff-ffff-ffffffffffff', 51],
    );

    const plan = rows[0]?.['QUERY PLAN'][0].Plan ?? {};
    const indexes = [...JSON.stringify(plan).matchAll(/"Index Name":"(audit_events_\w+)"/g)].map(([, name]) => name);
    expect(indexes).toContain('audit_events_of_person');
    expect(indexes).toContain('audit_events_about_person');
    expect((plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0)).toBeLessThan(300);
  });
});
