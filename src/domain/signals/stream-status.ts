import type { Tx } from '../../persistence/unit-of-work.ts';
import { dropDeliveries } from '../receipts/drop-deliveries.ts';
import { streamTarget } from './signal-events.ts';
import { getOwnStream, type OwnStream, type Stream, type StreamStatus } from './stream.ts';

/** When what waits for a paused stream would be due: never by itself. */
export const HELD_UNTIL = new Date('9999-01-01T00:00:00Z');

export type StatusChange = OwnStream & { readonly status: StreamStatus; readonly reason?: string | undefined };

/**
 * SSF §8.1.2: paused holds what happens meanwhile and sends it when enabled again; disabled forgets it. Throws `not_found`.
 */
export async function changeStreamStatus(tx: Tx, { clientId, id, status, reason }: StatusChange): Promise<Stream> {
  const before = await getOwnStream(tx, { clientId, id });
  await tx.query('UPDATE signal_streams SET status = $2, status_reason = $3, updated_at = $4 WHERE id = $1', [
    id,
    status,
    reason ?? null,
    tx.now,
  ]);
  if (status !== before.status) await applyStatus(tx, before, status);
  tx.record({
    type: 'signal-streams.updated',
    target: { type: 'signal_stream', id },
    details: { changed: { status: { from: before.status, to: status } }, ...(reason === undefined ? {} : { reason }) },
  });
  return getOwnStream(tx, { clientId, id });
}

async function applyStatus(tx: Tx, { id, deliveryMethod }: Stream, status: StreamStatus): Promise<void> {
  const target = streamTarget(id);
  const waiting = 'target = $1 AND delivered_at IS NULL AND failed_at IS NULL';
  if (status === 'disabled') return dropDeliveries(tx, { target, reason: 'the stream was disabled by its receiver' });
  if (status === 'paused') {
    await tx.query(`UPDATE outbox_messages SET available_at = $2 WHERE ${waiting}`, [target, HELD_UNTIL]);
    return;
  }
  // A new day to deliver what was held.
  await tx.query(
    `UPDATE outbox_messages SET created_at = $2,
       available_at = CASE WHEN $3 = 'push' THEN $2::timestamptz ELSE $2::timestamptz + interval '1 day' END WHERE ${waiting}`,
    [target, tx.now, deliveryMethod],
  );
  tx.announce({ topic: 'outbox', key: '*' });
}
