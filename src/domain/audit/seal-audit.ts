import type pg from 'pg';
import { advisoryLocks, tryAdvisoryLock, withAdvisoryLock } from '../../persistence/advisory-lock.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { type ChainLink, chainStart, hashEvent, STORED_EVENT_COLUMNS, type StoredEvent } from './canonical-event.ts';
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
    if (sealed < SEAL_BATCH) return total;
  }
}

/** One transaction: rows, and the checkpoint that covers them, so that no sealed row is ever without one. */
async function sealBatch(connection: pg.PoolClient, { signingKey, now }: SealParts): Promise<number> {
  await connection.query('BEGIN');
  const events = await findUnsealed(connection);
  if (events.length > 0) {
    const head = await findHead(connection);
    const links = chain(head, events);
    await writeSeals(connection, events, [head, ...links]);
    await writeCheckpoint(connection, signingKey(), links.at(-1) ?? chainStart, now());
  }
  await connection.query('COMMIT');
  return events.length;
}

async function findUnsealed(connection: pg.PoolClient): Promise<readonly StoredEvent[]> {
  const { rows } = await connection.query<StoredEvent>({
    name: 'audit-unsealed',
    text: `SELECT ${STORED_EVENT_COLUMNS} FROM audit_events WHERE sequence IS NULL ORDER BY occurred_at LIMIT ${SEAL_BATCH}`,
  });
  return rows;
}

/**
 * The last row, or the last checkpoint where rows were cut off behind it: sealing goes on after the checkpoint, and the
 * gap stays for verification to find.
 */
async function findHead(connection: pg.PoolClient): Promise<ChainLink> {
  const { rows } = await connection.query<{ sequence: string; hash: Buffer }>({
    name: 'audit-head',
    text: `(SELECT sequence, hash FROM audit_events WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1)
           UNION ALL (SELECT sequence, hash FROM audit_checkpoints ORDER BY sequence DESC LIMIT 1)`,
  });
  return rows
    .map(({ sequence, hash }) => ({ sequence: Number(sequence), hash }))
    .reduce((head, link) => (link.sequence > head.sequence ? link : head), chainStart);
}

function chain(head: ChainLink, events: readonly StoredEvent[]): readonly ChainLink[] {
  let last = head;
  return events.map((event) => {
    const sequence = last.sequence + 1;
    last = { sequence, hash: hashEvent(event, sequence, last.hash) };
    return last;
  });
}

/** `links` begins with the link before the first event. */
async function writeSeals(connection: pg.PoolClient, events: readonly StoredEvent[], links: readonly ChainLink[]) {
  const made = links.slice(1);
  const { rowCount } = await connection.query({
    name: 'audit-seal',
    text: `UPDATE audit_events SET sequence = made.sequence, previous_hash = made.previous_hash, hash = made.hash
           FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[]) AS made (id, sequence, previous_hash, hash)
           WHERE audit_events.id = made.id AND audit_events.sequence IS NULL`,
    values: [
      events.map((event) => event.id),
      made.map((link) => link.sequence),
      links.slice(0, -1).map((link) => link.hash),
      made.map((link) => link.hash),
    ],
  });
  if (rowCount !== events.length) throw new Error(`sealed ${rowCount} of ${events.length} audit events`);
}

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
    'SELECT count(*) AS rows, min(occurred_at) AS oldest FROM audit_events WHERE sequence IS NULL',
  );
  return { rows: Number(rows[0]?.rows ?? 0), oldestAt: rows[0]?.oldest ?? undefined };
}
