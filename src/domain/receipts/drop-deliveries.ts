import type { Tx } from '../../persistence/unit-of-work.ts';

/** Everything that waits for a target is done with, because there is no use in telling it any more; receipts say why. */
export async function dropDeliveries(
  tx: Tx,
  { target, reason }: { readonly target: string; readonly reason: string },
): Promise<void> {
  await tx.query(
    `WITH dropped AS (
       UPDATE outbox_messages SET delivered_at = $2, failed_at = NULL, last_error = $3
       WHERE target = $1 AND delivered_at IS NULL RETURNING id)
     UPDATE deprovisioning_receipt_targets t SET state = 'not_notified', settled_at = $2, error = $3
     FROM dropped WHERE t.message_id = dropped.id`,
    [target, tx.now, reason],
  );
  tx.announce({ topic: 'receipts', key: '*' });
}
