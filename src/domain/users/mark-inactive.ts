import type { Tx } from '../../persistence/unit-of-work.ts';

/** Those who were active until now. Whatever of theirs began before this moment no longer counts. */
export async function markInactive(tx: Tx, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.query<{ id: string }>(
    `WITH changed AS (
       UPDATE users SET active = false, access_valid_from = $2, version = version + 1, updated_at = $2
       WHERE id = ANY($1::uuid[]) AND active RETURNING id)
     SELECT id FROM changed`,
    [ids, tx.now],
  );
  for (const { id } of rows) {
    tx.announce({ topic: 'users', key: id });
    tx.announce({ topic: 'access', key: `user:${id}` });
  }
  return rows.map(({ id }) => id);
}
