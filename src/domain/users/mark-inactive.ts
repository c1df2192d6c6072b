import type { Tx } from '../../persistence/unit-of-work.ts';

/** True when the person was active until now. Whatever began before this moment no longer counts. */
export async function markInactive(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.query<{ id: string }>(
    `WITH changed AS (
       UPDATE users SET active = false, access_valid_from = $2, version = version + 1, updated_at = $2
       WHERE id = $1 AND active RETURNING id)
     SELECT id FROM changed`,
    [id, tx.now],
  );
  if (rows.length === 0) return false;
  tx.announce({ topic: 'users', key: id });
  tx.announce({ topic: 'access', key: `user:${id}` });
  return true;
}
