import type { Tx } from '../../persistence/unit-of-work.ts';

/** A password that somebody else knows signs nobody in any more. */
export async function removePassword(tx: Tx, userId: string): Promise<void> {
  const rows = await tx.query(
    `WITH gone AS (DELETE FROM password_credentials WHERE user_id = $1 RETURNING user_id) SELECT user_id FROM gone`,
    [userId],
  );
  if (rows.length > 0) tx.record({ type: 'passwords.removed', target: { type: 'user', id: userId } });
}
