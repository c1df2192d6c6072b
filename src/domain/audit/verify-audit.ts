import { digestOf } from '../../persistence/personal-details.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { type ChainLink, chainStart, hashEvent, STORED_EVENT_COLUMNS, type StoredEvent } from './canonical-event.ts';
import { type Checkpoint, type CheckpointKeys, isSignedCheckpoint } from './checkpoint.ts';

export type AuditFault =
  /** No event where one was sealed: removed, or the tail was cut off before a checkpoint. */
  | 'missing'
  /** The event, its hash or the link to the one before is not what was sealed: changed, re-ordered or inserted. */
  | 'changed'
  /** What the event says of a person is not what was sealed, or is gone though they were not erased. */
  | 'personal_details'
  /** A checkpoint that none of our keys signed, or that was signed for another hash. */
  | 'checkpoint_invalid'
  /** Sealed events after the last checkpoint: inserted, or the checkpoint was removed. */
  | 'checkpoint_missing';

export type AuditVerdict =
  | { readonly ok: true; readonly verified: number; readonly checkpoints: number; readonly head: ChainLink }
  | { readonly ok: false; readonly verified: number; readonly firstBadSequence: number; readonly fault: AuditFault };

const PAGE = 2_000;
const SMALLEST_BIGINT = '-9223372036854775808';

/**
 * Recomputes the chain from its first event, a page at a time, and answers where it first fails. May run beside a server
 * that seals. It cannot see a tail that was cut off together with its checkpoints: keep `head`, or an export, elsewhere.
 */
export async function verifyAudit(read: Reader, keys: CheckpointKeys): Promise<AuditVerdict> {
  let head = chainStart;
  let covered = 0;
  let checkpoints = 0;
  for (;;) {
    const rows = await findSealed(read, head.sequence);
    const last = rows.at(-1);
    if (!last) {
      if (!(await hasCheckpointAfter(read, head.sequence))) break;
      // Sealed between the two reads, or cut off.
      if ((await findSealed(read, head.sequence)).length === 0) return failed(head, head.sequence + 1, 'missing');
      continue;
    }
    const passed = await findCheckpoints(read, head.sequence, Number(last.sequence));
    for (const row of rows) {
      const fault = faultOf(row, head);
      if (fault) return failed(head, Math.min(head.sequence + 1, Number(row.sequence)), fault);
      head = { sequence: head.sequence + 1, hash: row.hash };
      const checkpoint = passed.get(head.sequence);
      if (!checkpoint) continue;
      if (!checkpoint.hash.equals(head.hash) || !(await isSignedCheckpoint(keys, checkpoint))) {
        return failed(head, head.sequence, 'checkpoint_invalid');
      }
      covered = head.sequence;
      checkpoints += 1;
    }
  }
  // Sealing writes rows and checkpoint in one transaction, so the last sealed event always has one.
  if (covered < head.sequence) return failed(head, covered + 1, 'checkpoint_missing');
  return { ok: true, verified: head.sequence, checkpoints, head };
}

const failed = (head: ChainLink, firstBadSequence: number, fault: AuditFault): AuditVerdict => ({
  ok: false,
  verified: Math.max(0, Math.min(head.sequence, firstBadSequence - 1)),
  firstBadSequence,
  fault,
});

type SealedRow = StoredEvent & {
  /** Of what the event says of a person; null where it says nothing. */
  readonly digest: string | null;
  readonly salt: Buffer | null;
  readonly content: string | null;
  readonly isErased: boolean;
  readonly sequence: string;
  readonly previousHash: Buffer;
  readonly hash: Buffer;
};

function faultOf(row: SealedRow, head: ChainLink): AuditFault | undefined {
  if (Number(row.sequence) > head.sequence + 1) return 'missing';
  const isIntact =
    Number(row.sequence) === head.sequence + 1 &&
    Buffer.isBuffer(row.previousHash) &&
    Buffer.isBuffer(row.hash) &&
    row.previousHash.equals(head.hash) &&
    hashEvent(row, head.sequence + 1, row.previousHash).equals(row.hash);
  if (!isIntact) return 'changed';
  return hasItsPersonalDetails(row) ? undefined : 'personal_details';
}

function hasItsPersonalDetails({ digest, salt, content, isErased }: SealedRow): boolean {
  if (salt === null || content === null) return digest === null || isErased;
  return digestOf({ salt, content }) === digest;
}

function findSealed(read: Reader, after: number): Promise<SealedRow[]> {
  return read.query<SealedRow>(
    `SELECT ${STORED_EVENT_COLUMNS}, sequence, previous_hash AS "previousHash", hash,
       details -> 'personal' ->> 'digest' AS digest, p.salt, p.content,
       (details ? 'personal' AND p.event_id IS NULL AND EXISTS (SELECT FROM audit_events erased
         WHERE erased.type = 'users.erased' AND erased.target_id = audit_events.target_id)) AS "isErased"
     FROM audit_events LEFT JOIN audit_personal_details p ON p.event_id = audit_events.id
     WHERE sequence > $1 ORDER BY sequence LIMIT ${PAGE}`,
    // From the very first: a row put before the chain's beginning is found too.
    [after === 0 ? SMALLEST_BIGINT : after],
  );
}

async function findCheckpoints(read: Reader, after: number, upTo: number): Promise<ReadonlyMap<number, Checkpoint>> {
  const rows = await read.query<Omit<Checkpoint, 'sequence'> & { sequence: string }>(
    'SELECT sequence, hash, kid, signature FROM audit_checkpoints WHERE sequence > $1 AND sequence <= $2',
    [after, upTo],
  );
  return new Map(rows.map((row) => [Number(row.sequence), { ...row, sequence: Number(row.sequence) }]));
}

async function hasCheckpointAfter(read: Reader, sequence: number): Promise<boolean> {
  const rows = await read.query('SELECT 1 FROM audit_checkpoints WHERE sequence > $1 LIMIT 1', [sequence]);
  return rows.length > 0;
}
