import type { Tx } from '../../persistence/unit-of-work.ts';
import { userNotFound } from './find-user.ts';

/** From now on, sessions and tokens that began before this moment are refused (a changed password, a used reset link). */
export async function refuseEarlierAccess(tx: Tx, id: string): Promise<void> {
  const rows = await tx.query<{ id: string }>(
    `WITH changed AS (
       UPDATE users SET access_valid_from = $2, version = version + 1, updated_at = $2 WHERE id = $1 RETURNING id)
     SELECT id FROM changed`,
    [id, tx.now],
  );
  if (rows.length === 0) throw userNotFound();
  tx.announce({ topic: 'users', key: id });
}
