import { systemActor } from '../../kernel/actor.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Transact, Tx } from '../../persistence/unit-of-work.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { findReceipts } from './find-receipt.ts';
import { receiptStatement, signStatement } from './signed-receipt.ts';

export type CompleteReceiptsParts = {
  readonly transact: Transact;
  readonly issuer: string;
  /** The key that signs, asked for each time: it rotates. */
  readonly signingKey: () => SigningKey;
};

const BATCH = 100;

/** Signs the receipts none of whose targets is open any more, one bounded batch; true while there may be more. */
export function completeReceipts({ transact, issuer, signingKey }: CompleteReceiptsParts): Promise<boolean> {
  return transact(systemActor('complete-receipts'), async (tx) => {
    const ids = await claimComplete(tx);
    if (ids.length === 0) return false;
    const key = signingKey();
    const receipts = await findReceipts(tx, ids);
    const statements = receipts.map((receipt) => receiptStatement(receipt, { issuer, asOf: tx.now }));
    const signatures = await Promise.all(statements.map((statement) => signStatement(key, statement)));
    await tx.query(
      `UPDATE deprovisioning_receipts r SET completed_at = $4, kid = $5, statement = s.statement, signature = s.signature
       FROM unnest($1::uuid[], $2::text[], $3::text[]) AS s (id, statement, signature) WHERE r.id = s.id`,
      [receipts.map(({ id }) => id), statements.map(canonicalJson), signatures, tx.now, key.kid],
    );
    for (const { id, userId } of receipts)
      tx.record({
        type: 'deprovisioning-receipts.completed',
        target: { type: 'deprovisioning_receipt', id },
        details: { userId },
      });
    return ids.length === BATCH;
  });
}

/** Two processes never sign the same one: the other skips what is locked, and finds it signed the next time. */
async function claimComplete(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM deprovisioning_receipts r
     WHERE completed_at IS NULL AND NOT EXISTS (
       SELECT FROM deprovisioning_receipt_targets t WHERE t.receipt_id = r.id AND t.state IN ('pending', 'failed'))
     ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
  );
  return rows.map(({ id }) => id);
}
