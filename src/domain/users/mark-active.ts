import type { Tx } from '../../persistence/unit-of-work.ts';

/**
 * True when the person had another status until now. Sessions and tokens from before stay refused, those too that were only
 * waiting for a day to come.
 */
export async function markActive(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.query<{ id: string }>(
    `WITH changed AS (
       UPDATE users SET status = 'active', access_valid_from = $2, version = version + 1, updated_at = $2
       WHERE id = $1 AND status <> 'active' RETURNING id)
     SELECT id FROM changed`,
    [id, tx.now],
  );
  if (rows.length === 0) return false;
  tx.announce({ topic: 'users', key: id });
  tx.announce({ topic: 'access', key: `user:${id}` });
  return true;
}
