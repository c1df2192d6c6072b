import { fork } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { countUnsealed, SEAL_BATCH, sealAudit, sealAuditInTurn } from '../../../src/domain/audit/seal-audit.ts';
import { advisoryLocks, withAdvisoryLock } from '../../../src/persistence/advisory-lock.ts';
import { startSealingAudit } from '../../../src/workers/seal-audit.ts';
import { aProcess, operator } from '../keys/a-process.ts';
import { aSealedLog, type SealedLog } from './a-sealed-log.ts';

let log: SealedLog;

beforeEach(async () => {
  log = await aSealedLog({ batches: 1, eventsInEachBatch: 3 });
});
afterEach(() => log.end());

const sequences = async (): Promise<readonly (number | null)[]> => {
  const rows = await log.server.read.query<{ sequence: string | null }>(
    'SELECT sequence FROM audit_events ORDER BY sequence',
  );
  return rows.map(({ sequence }) => (sequence === null ? null : Number(sequence)));
};

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('sealing', () => {
  it('the sequence has no gaps with several writers and several sealers at once', async () => {
    const other = await aProcess(log.url);
    const write = (server: typeof other) =>
      Promise.all(upTo(40).map(() => server.transact(operator, async (tx) => tx.record({ type: 'keys.rotated' }))));

    const sealers = upTo(6).map(async () => {
      for (let round = 0; round < 5; round += 1) await sealAudit(log.sealing);
    });
    await Promise.all([write(log.server), write(other), ...sealers]);
    await sealAuditInTurn(log.sealing);

    expect(await sequences()).toEqual(upTo(90));
    expect(await log.verify()).toMatchObject({ ok: true, verified: 90 });
    await other.end();
  });

  it('goes on until nothing is left, more than a batch included', async () => {
    await log.server.dataSource.query(
      `INSERT INTO audit_events (id, occurred_at, type, outcome, actor_type, actor_id)
       SELECT gen_random_uuid(), now(), 'keys.rotated', 'success', 'system', 'test' FROM generate_series(1, $1)`,
      [SEAL_BATCH + 1],
    );

    expect(await countUnsealed(log.sealing.pool)).toMatchObject({ rows: SEAL_BATCH + 1 });
    expect(await log.seal()).toBe(SEAL_BATCH + 1);
    expect(await countUnsealed(log.sealing.pool)).toEqual({ rows: 0, oldestAt: undefined });
    expect(await log.verify()).toMatchObject({ ok: true, checkpoints: 4 });
  });

  it('leaves the work to the process that holds the lock', async () => {
    await log.record(1);

    await withAdvisoryLock(log.sealing.pool, advisoryLocks.sealAudit, async () => {
      expect(await log.seal()).toBe(0);
    });

    expect(await log.seal()).toBe(1);
  });

  it('a rotated key signs the next checkpoint', async () => {
    await log.server.transact(operator, (tx) => log.ring.rotate(tx, {}));
    await log.ring.reload();
    await log.seal();

    const rows = await log.server.read.query<{ kid: string }>('SELECT kid FROM audit_checkpoints ORDER BY sequence');
    expect(rows.at(-1)?.kid).toBe(log.ring.active('ES256').kid);
    expect(await log.verify()).toMatchObject({ ok: true });
  });

  it('DESIGN §8: shutdown seals what was recorded last, and signs for it', async () => {
    const failures: unknown[] = [];
    const duty = startSealingAudit({ ...log.sealing, onError: (error) => failures.push(error) });
    await log.record(2);

    await duty.stop();

    expect(failures).toEqual([]);
    expect(await sequences()).toEqual(upTo(12));
    expect(await log.verify()).toMatchObject({ ok: true, verified: 12 });
  });

  it('a sealer killed in the middle of its transaction leaves no half of it', async () => {
    await log.record(5);
    const child = fork(new URL('sealer-child.mjs', import.meta.url), [log.url], { execArgv: [], stdio: 'inherit' });
    await new Promise((resolve) => child.once('message', resolve));

    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    // Its session ends with it, and the lock with the session; waiting for the lock is waiting for that.
    await sealAuditInTurn(log.sealing);

    expect(await sequences()).toEqual(upTo(15));
    expect(await log.verify()).toMatchObject({ ok: true, verified: 15 });
  });
});

describe('the insert-only log', () => {
  it.each([
    ['UPDATE of a sealed row', `UPDATE audit_events SET reason = 'x' WHERE sequence = 1`],
    ['unsealing', 'UPDATE audit_events SET sequence = NULL, previous_hash = NULL, hash = NULL WHERE sequence = 1'],
    ['UPDATE of an unsealed row', `UPDATE audit_events SET reason = 'x' WHERE sequence IS NULL`],
    [
      'a change while sealing',
      `UPDATE audit_events SET sequence = 99, previous_hash = '\\x00', hash = '\\x00', actor_id = 'x' WHERE sequence IS NULL`,
    ],
    ['DELETE of a sealed row', 'DELETE FROM audit_events WHERE sequence = 1'],
    ['DELETE of an unsealed row', 'DELETE FROM audit_events WHERE sequence IS NULL'],
    ['TRUNCATE', 'TRUNCATE audit_events'],
    ['UPDATE of a checkpoint', `UPDATE audit_checkpoints SET signature = 'x'`],
    ['DELETE of a checkpoint', 'DELETE FROM audit_checkpoints'],
    ['TRUNCATE of checkpoints', 'TRUNCATE audit_checkpoints'],
  ])('DESIGN §3: %s is refused', async (_, sql) => {
    await log.record(1);

    await expect(log.sealing.pool.query(sql)).rejects.toMatchObject({ code: '42501' });
  });
});

it('the hash can be recomputed by SQL alone, from the stored row', async () => {
  const member = (name: string, value: string) => `'"${name}":' || coalesce(to_json(${value})::text, 'null')`;
  const text = [
    member('actor_id', 'actor_id'),
    member('actor_type', 'actor_type'),
    member('client_id', 'client_id'),
    member('details', 'details::text'),
    member('id', 'id::text'),
    member('ip_address', 'ip_address'),
    member('occurred_at', `to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`),
    member('outcome', 'outcome'),
    member('reason', 'reason'),
    member('request_id', 'request_id'),
    member('sequence', 'sequence::text'),
    member('target_id', 'target_id'),
    member('target_type', 'target_type'),
    member('type', 'type'),
    member('user_agent', 'user_agent'),
  ].join(` || ',' || `);
  const client = new pg.Client({ connectionString: log.url });
  await client.connect();

  // Neither the session's zone nor its language may reach the hash.
  await client.query(`SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'German'`);
  const { rows } = await client.query<{ same: boolean }>(
    `SELECT sha256(previous_hash || convert_to('{' || ${text} || '}', 'UTF8')) = hash AS same FROM audit_events`,
  );

  expect(rows.map(({ same }) => same)).toEqual(Array.from({ length: 10 }, () => true));
  await client.end();
});
