import { conflict } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { Delivery } from './delivery.ts';
import { getDelivery } from './search-deliveries.ts';

/**
 * Tries a message again now: one that was given up for another day, one that waits at once. Throws `not_found` and
 * conflict `deliveries.delivered` and, while it is being delivered, `deliveries.in_hand`.
 */
export async function retryDelivery(tx: Tx, { id }: { id: string }): Promise<Delivery> {
  const before = await getDelivery(tx, id);
  // A day from now on: `created_at` is what giving up is reckoned from.
  const rows = await tx.query(
    `WITH again AS (
       UPDATE outbox_messages SET failed_at = NULL, available_at = $2,
         created_at = CASE WHEN failed_at IS NULL THEN created_at ELSE $2 END
       WHERE id = $1 AND delivered_at IS NULL AND (claimed_until IS NULL OR claimed_until <= $2) RETURNING id)
     SELECT id FROM again`,
    [before.id, tx.now],
  );
  if (rows.length === 0) throw cannotRetry(await getDelivery(tx, before.id));
  await tx.query(
    `UPDATE deprovisioning_receipt_targets SET state = 'pending' WHERE message_id = $1 AND state = 'failed'`,
    [before.id],
  );
  tx.record({
    type: 'deliveries.retried',
    target: { type: 'delivery', id: before.id },
    details: { messageType: before.type, target: before.target },
  });
  tx.announce({ topic: 'outbox', key: '*' });
  return getDelivery(tx, before.id);
}

const cannotRetry = ({ deliveredAt }: Delivery) =>
  deliveredAt === null
    ? conflict('deliveries.in_hand', { detail: 'this message is being delivered at this moment' })
    : conflict('deliveries.delivered', { detail: 'this message was delivered already' });
