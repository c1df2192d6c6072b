import type pg from 'pg';
import { advisoryLocks, tryAdvisoryLock, withAdvisoryLock } from '../../persistence/advisory-lock.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { CANONICAL_MEMBERS, type ChainLink } from './canonical-event.ts';
import { signCheckpoint } from './checkpoint.ts';

/** Rows in one transaction: a batch takes some tens of milliseconds, and a kill loses no more than that. */
export const SEAL_BATCH = 2_000;

export type SealParts = {
  readonly pool: pg.Pool;
  readonly now: () => Date;
  /** The key that signs checkpoints, asked for each time: it rotates. */
  readonly signingKey: () => SigningKey;
};

/**
 * Seals what is unsealed, unless another process is doing so. Answers how many rows.
 * It is not a unit of work: it changes nothing that would have to be recorded.
 */
export async function sealAudit(parts: SealParts): Promise<number> {
  const sealed = await tryAdvisoryLock(parts.pool, advisoryLocks.sealAudit, (connection) => sealAll(connection, parts));
  return sealed ?? 0;
}

/** For shutdown: waits for its turn, so that nothing this process recorded stays behind. */
export async function sealAuditInTurn(parts: SealParts): Promise<number> {
  return withAdvisoryLock(parts.pool, advisoryLocks.sealAudit, (connection) => sealAll(connection, parts));
}

async function sealAll(connection: pg.PoolClient, parts: SealParts): Promise<number> {
  let total = 0;
  for (;;) {
    const sealed = await sealBatch(connection, parts);
    total += sealed;
    if (sealed < SEAL_BATCH) break;
  }
  if (total > 0) await freeMovedRows(connection);
  return total;
}

const LARGEST_WAITING_ROOM_BYTES = 16 * 1024 * 1024;

/** Every event passes through the unsealed partition and leaves dead rows there: under load autovacuum comes too rarely. */
async function freeMovedRows(connection: pg.PoolClient): Promise<void> {
  const { rows } = await connection.query<{ bytes: number }>({
    name: 'audit-waiting-room',
    text: `SELECT pg_relation_size('audit_events_unsealed')::float8 AS bytes`,
  });
  if ((rows[0]?.bytes ?? 0) > LARGEST_WAITING_ROOM_BYTES) await connection.query('VACUUM audit_events_unsealed');
}

/** One transaction: rows, and the checkpoint that covers them, so that no sealed row is ever without one. */
async function sealBatch(connection: pg.PoolClient, { signingKey, now }: SealParts): Promise<number> {
  await connection.query('BEGIN');
  const { rows } = await connection.query<{ count: string; sequence: string; hash: Buffer }>({
    name: 'audit-seal',
    text: SEAL,
  });
  const [last] = rows;
  if (last)
    await writeCheckpoint(connection, signingKey(), { sequence: Number(last.sequence), hash: last.hash }, now());
  await connection.query('COMMIT');
  return Number(last?.count ?? 0);
}

const EVENT_COLUMNS = `id, occurred_at, type, outcome, reason, actor_type, actor_id, target_type, target_id, client_id, request_id,
  ip_address, user_agent, details`;

/**
 * Moves the oldest unsealed events to the sealed ones, chained to the last; nothing leaves the database for it.
 * The head is the last row, or the last checkpoint where rows were cut off behind it: sealing goes on after the checkpoint,
 * and the gap stays for verification to find. Answers the last event sealed and how many there were, or nothing.
 */
const SEAL = `
  WITH head AS (
    SELECT sequence, hash FROM (
      (SELECT sequence, hash FROM audit_events_sealed ORDER BY sequence DESC LIMIT 1)
      UNION ALL (SELECT sequence, hash FROM audit_checkpoints ORDER BY sequence DESC LIMIT 1)
      UNION ALL SELECT 0, decode(repeat('00', 32), 'hex')
    ) known ORDER BY sequence DESC LIMIT 1
  ), moved AS (
    DELETE FROM audit_events_unsealed
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM audit_events_unsealed ORDER BY occurred_at, id LIMIT ${SEAL_BATCH}))
    RETURNING ${EVENT_COLUMNS}
  ), numbered AS (
    SELECT moved.*, head.sequence + row_number() OVER (ORDER BY occurred_at, moved.id) AS next_sequence, head.sequence AS head_sequence,
      head.hash AS head_hash
    FROM moved, head
  ), chained AS (
    SELECT numbered.*, audit_chain(
        (SELECT row_to_json(canonical)::text FROM (SELECT ${CANONICAL_MEMBERS}) canonical),
        CASE WHEN next_sequence = head_sequence + 1 THEN head_hash END
      ) OVER (ORDER BY next_sequence ROWS UNBOUNDED PRECEDING) AS link
    FROM numbered
  ), sealed AS (
    INSERT INTO audit_events_sealed (${EVENT_COLUMNS}, sequence, previous_hash, hash)
    SELECT ${EVENT_COLUMNS}, next_sequence, lag(link, 1, head_hash) OVER (ORDER BY next_sequence), link FROM chained
    RETURNING sequence, hash
  )
  SELECT sequence, hash, (SELECT count(*) FROM sealed) AS count FROM sealed ORDER BY sequence DESC LIMIT 1`;

async function writeCheckpoint(connection: pg.PoolClient, key: SigningKey, head: ChainLink, now: Date): Promise<void> {
  await connection.query({
    name: 'audit-checkpoint',
    text: 'INSERT INTO audit_checkpoints (sequence, hash, signed_at, kid, signature) VALUES ($1, $2, $3, $4, $5)',
    values: [head.sequence, head.hash, now, key.kid, await signCheckpoint(key, head, now)],
  });
}

/** For the metric: how many rows wait, and since when the oldest of them does. */
export type Unsealed = { readonly rows: number; readonly oldestAt: Date | undefined };

export async function countUnsealed(pool: pg.Pool): Promise<Unsealed> {
  const { rows } = await pool.query<{ rows: string; oldest: Date | null }>(
    'SELECT count(*) AS rows, min(occurred_at) AS oldest FROM audit_events_unsealed',
  );
  return { rows: Number(rows[0]?.rows ?? 0), oldestAt: rows[0]?.oldest ?? undefined };
}
