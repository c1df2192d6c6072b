import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryOn } from '../../support/tables.ts';
import { aTerminal, type TestTerminal } from './a-terminal.ts';

describe('doorward users recover-admin', () => {
  let terminal: TestTerminal;
  const query = (sql: string, values: readonly unknown[] = []) =>
    queryOn<Record<string, unknown>>(terminal.env.DOORWARD_DATABASE_URL ?? '', sql, values);

  beforeAll(async () => {
    terminal = await aTerminal();
    await terminal.run(['users', 'create', 'alice', '--role', 'administrator', '--email', 'alice@example.com']);
    await terminal.run(['users', 'create', 'bob']);
    await query('UPDATE user_emails SET is_verified = true');
  });
  afterAll(() => terminal.end());

  it('lets somebody who was out and no administrator back in, by a link, and tells the others', async () => {
    await terminal.run(['users', 'disable', 'bob']);

    const { code, out, err } = await terminal.run(['users', 'recover-admin', 'bob', '--reason', 'alice left']);

    expect(code).toBe(0);
    expect(out).toMatch(/\/account\/set-password\?token=[\w-]{43}/);
    expect(err).toContain('bob is let in again');
    expect(err).toContain('bob has the role administrator now');
    expect(err).toContain('1 other administrator is told');
    const [bob] = await query(`SELECT id, status, ends_at FROM users WHERE user_name = 'bob'`);
    expect(bob).toMatchObject({ status: 'active', ends_at: null });
    const events = await query(
      `SELECT actor_type, actor_id, details FROM audit_events WHERE type = 'administrators.recovered' AND target_id = $1`,
      [String(bob?.id)],
    );
    expect(events).toMatchObject([
      {
        actor_type: 'operator',
        actor_id: 'users recover-admin',
        details: { wasReopened: true, gotRole: true, reason: 'alice left' },
      },
    ]);
    const mails = await query(
      `SELECT payload ->> 'userId' AS id FROM outbox_messages WHERE payload ->> 'kind' = 'administrator_recovered'`,
    );
    expect(mails).toHaveLength(2);
    // It now counts as one: alice may go.
    expect((await terminal.run(['users', 'disable', 'alice'])).code).toBe(0);
  });

  it('an administrator who only lost the password keeps what they have', async () => {
    const { code, err } = await terminal.run(['users', 'recover-admin', 'bob']);

    expect([code, err.includes('already'), err.includes('let in again')]).toEqual([0, true, false]);
    expect(err).toContain('no other administrator');
  });

  it('an assignment that has run out is no obstacle', async () => {
    await query(`UPDATE role_assignments SET starts_at = NULL, ends_at = now() - interval '1 day'`);

    const { code, err } = await terminal.run(['users', 'recover-admin', 'bob']);

    expect([code, err.includes('has the role administrator now')]).toEqual([0, true]);
  });

  it('nobody by that name is said so', async () => {
    const { code, err } = await terminal.run(['users', 'recover-admin', 'nobody']);

    expect([code, err.includes('There is no user nobody')]).toEqual([1, true]);
  });
});
