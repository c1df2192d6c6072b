import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureBuiltIns } from '../../../src/domain/access/ensure-built-ins.ts';
import { sealAudit } from '../../../src/domain/audit/seal-audit.ts';
import { generateSigningKey } from '../../../src/domain/keys/signing-key.ts';
import { deactivateInactive } from '../../../src/domain/lifecycle/deactivate-inactive.ts';
import type { Actor } from '../../../src/kernel/actor.ts';
import { poolOf } from '../../../src/persistence/data-source.ts';
import { startRunningLifecycle } from '../../../src/workers/run-lifecycle.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aProcess, operator, type ServerProcess } from '../keys/a-process.ts';

const DAY_S = 86_400;

let database: TestDatabase;
let server: ServerProcess;
let errors: unknown[];

beforeEach(async () => {
  database = await freshDatabase();
  server = await aProcess(database.url);
  errors = [];
});
afterEach(async () => {
  await server.end();
  await database.drop();
});

const running = new AbortController().signal;

async function aPerson(name: string, { endsAt }: { endsAt?: Date } = {}): Promise<string> {
  const [row] = await server.read.query<{ id: string }>(
    `INSERT INTO users (id, user_name, user_name_key, status, ends_at, created_at, updated_at)
     VALUES (gen_random_uuid(), $1, $1, 'active', $2, $3, $3) RETURNING id`,
    [name, endsAt ?? null, server.clock.now()],
  );
  return row?.id ?? '';
}

const actsAs = (id: string, type = 'sign-ins.succeeded') =>
  server.transact({ type: 'user', id } satisfies Actor, async (tx) => tx.record({ type }));

const statuses = async () =>
  Object.fromEntries(
    (await server.read.query<{ name: string; status: string }>('SELECT user_name AS name, status FROM users')).map(
      ({ name, status }) => [name, status],
    ),
  );

async function seal(): Promise<void> {
  const key = { ...(await generateSigningKey('EdDSA')), state: 'active' } as const;
  await sealAudit({ pool: poolOf(server.dataSource), now: server.clock.now, signingKey: () => key });
}

const judge = (afterDays: number) =>
  deactivateInactive({
    read: server.read,
    transact: server.transact,
    afterDays,
    now: server.clock.now(),
    signal: running,
  });

const duty = (on: ServerProcess, inactiveAfterDays: number | undefined) =>
  startRunningLifecycle({
    pool: poolOf(on.dataSource),
    read: on.read,
    transact: on.transact,
    clock: server.clock,
    inactiveAfterDays,
    onError: (error) => errors.push(error),
  });

describe('issue 4 item 6: deactivation by schedule', () => {
  it('whoever is past their end date leaves, with a receipt; the others stay; two processes do it once', async () => {
    const now = server.clock.now();
    const over = await aPerson('over', { endsAt: new Date(now.getTime() + 1_000) });
    await aPerson('later', { endsAt: new Date(now.getTime() + 60_000) });
    await aPerson('staying');
    const other = await aProcess(database.url);
    other.clock.advanceSeconds(2);
    server.clock.advanceSeconds(2);
    const duties = [duty(server, undefined), duty(other, undefined)];

    await Promise.all(duties.map((one) => one.runNow()));
    await Promise.all(duties.map((one) => one.stop()));
    await other.end();

    expect(await statuses()).toEqual({ over: 'inactive', later: 'active', staying: 'active' });
    expect(
      await server.read.query('SELECT user_id AS id, cause, actor_type AS by FROM deprovisioning_receipts'),
    ).toEqual([{ id: over, cause: 'end_date', by: 'system' }]);
    expect(
      await server.read.query(
        `SELECT target_id AS id, details->>'cause' AS cause FROM audit_events WHERE type = 'users.deactivated'`,
      ),
    ).toEqual([{ id: over, cause: 'end_date' }]);
    expect(errors).toEqual([]);
  });

  it('takes as many batches as it needs', async () => {
    await server.read.query(
      `INSERT INTO users (id, user_name, user_name_key, status, ends_at, created_at, updated_at)
       SELECT gen_random_uuid(), 'p' || n, 'p' || n, 'active', $1::timestamptz, $1::timestamptz, $1::timestamptz
       FROM generate_series(1, 450) AS n`,
      [server.clock.now()],
    );
    const one = duty(server, undefined);

    await one.runNow();
    await one.stop();

    expect(new Set(Object.values(await statuses()))).toEqual(new Set(['inactive']));
    expect(await server.read.query('SELECT count(*)::int AS count FROM deprovisioning_receipts')).toEqual([
      { count: 450 },
    ]);
  });
});

describe('issue 4 item 6: the inactivity rule', () => {
  it('judges by what the audit log says was done in someone’s name, sealed or not', async () => {
    await server.transact(operator, async (tx) => tx.record({ type: 'keys.rotated' }));
    const [idle, signsIn, hasTokens, justNow] = [
      await aPerson('idle'),
      await aPerson('signs-in'),
      await aPerson('has-tokens'),
      await aPerson('just-now'),
    ];
    await actsAs(idle);
    await seal();
    server.clock.advanceSeconds(20 * DAY_S);
    await actsAs(signsIn);
    await actsAs(hasTokens, 'tokens.issued');
    await seal();
    await aPerson('new');
    server.clock.advanceSeconds(11 * DAY_S);
    await actsAs(justNow);

    expect(await judge(30)).toBe(1);
    expect(await statuses()).toEqual({
      idle: 'inactive',
      'signs-in': 'active',
      'has-tokens': 'active',
      'just-now': 'active',
      new: 'active',
    });
    expect(await server.read.query('SELECT user_id AS id, cause FROM deprovisioning_receipts')).toEqual([
      { id: idle, cause: 'inactivity' },
    ]);
  });

  it('judges nobody where the log does not reach back that far', async () => {
    await aPerson('idle');
    server.clock.advanceSeconds(40 * DAY_S);
    await server.transact(operator, async (tx) => tx.record({ type: 'keys.rotated' }));
    await seal();

    expect(await judge(30)).toBe(0);
    expect(await statuses()).toEqual({ idle: 'active' });
  });

  it('leaves the last administrator, and takes those beside them', async () => {
    await server.transact(operator, (tx) => ensureBuiltIns(tx));
    await seal();
    const [admin] = [await aPerson('admin'), await aPerson('idle')];
    await server.read.query(
      `INSERT INTO role_assignments (id, role_id, user_id, created_at, updated_at)
       SELECT gen_random_uuid(), id, $1, $2, $2 FROM roles WHERE name = 'administrator'`,
      [admin, server.clock.now()],
    );
    server.clock.advanceSeconds(40 * DAY_S);

    expect(await judge(30)).toBe(1);
    expect(await statuses()).toEqual({ admin: 'active', idle: 'inactive' });
  });

  it('runs in the duty when it is set, and not otherwise', async () => {
    await server.transact(operator, async (tx) => tx.record({ type: 'keys.rotated' }));
    await seal();
    await aPerson('idle');
    server.clock.advanceSeconds(40 * DAY_S);
    const [without, withRule] = [duty(server, undefined), duty(server, 30)];

    await without.runNow();
    const before = await statuses();
    await withRule.runNow();
    await Promise.all([without.stop(), withRule.stop()]);

    expect(before).toEqual({ idle: 'active' });
    expect(await statuses()).toEqual({ idle: 'inactive' });
    expect(errors).toEqual([]);
  });
});
