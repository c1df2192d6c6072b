import type { Tx } from '../../persistence/unit-of-work.ts';
import type { NewReceipt } from './receipt.ts';

/** Writes receipts with all their targets. Their messages are enqueued by the caller, with the ids given here. */
export async function openReceipts(tx: Tx, receipts: readonly NewReceipt[]): Promise<void> {
  const { actor } = tx;
  await tx.query(
    `INSERT INTO deprovisioning_receipts (id, user_id, cause, actor_type, actor_id, request_id, created_at)
     SELECT r.id, r.user_id, r.cause, $4, $5, $6, $7 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS r (id, user_id, cause)`,
    [
      receipts.map(({ id }) => id),
      receipts.map(({ userId }) => userId),
      receipts.map(({ cause }) => cause),
      actor.type,
      actor.id,
      actor.requestId ?? null,
      tx.now,
    ],
  );
  const rows = receipts.flatMap(({ id, targets }) => targets.map((target, position) => ({ id, position, target })));
  await tx.query(
    `INSERT INTO deprovisioning_receipt_targets
       (receipt_id, position, kind, target_id, target_name, sent, state, details, message_id, settled_at)
     SELECT t.*, CASE t.state WHEN 'pending' THEN NULL ELSE $10::timestamptz END
     FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::uuid[])
       AS t (receipt_id, position, kind, target_id, target_name, sent, state, details, message_id)`,
    [
      rows.map(({ id }) => id),
      rows.map(({ position }) => position),
      rows.map(({ target }) => target.kind),
      rows.map(({ target }) => target.id ?? null),
      rows.map(({ target }) => target.name ?? null),
      rows.map(({ target }) => target.sent ?? null),
      rows.map(({ target }) => target.state),
      rows.map(({ target }) => JSON.stringify(target.details)),
      rows.map(({ target }) => target.messageId ?? null),
      tx.now,
    ],
  );
  // Whoever signs what is complete looks at once.
  tx.announce({ topic: 'receipts', key: '*' });
}
