import type { Tx } from '../../persistence/unit-of-work.ts';

/** All links of these people that are still out stop working, whatever they were for. Answers how many, by person. */
export async function voidLinks(tx: Tx, userIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ userId: string; count: number }>(
    `WITH void AS (
       UPDATE one_time_links SET consumed_at = $2
       WHERE user_id = ANY($1::uuid[]) AND consumed_at IS NULL AND expires_at > $2 RETURNING user_id)
     SELECT user_id AS "userId", count(*)::int AS count FROM void GROUP BY user_id`,
    [userIds, tx.now],
  );
  return new Map(rows.map(({ userId, count }) => [userId, count]));
}
