import type { Reader } from '../../persistence/unit-of-work.ts';

/** Names of the roles that several people have directly, without an end or a start of their own, by person. */
export async function rolesOfUsers(
  read: Reader,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await read.query<{ userId: string; names: readonly string[] }>(
    `SELECT a.user_id AS "userId", array_agg(r.name ORDER BY r.name) AS names
     FROM role_assignments a JOIN roles r ON r.id = a.role_id
     WHERE a.user_id = ANY ($1::uuid[]) AND a.starts_at IS NULL AND a.ends_at IS NULL GROUP BY a.user_id`,
    [userIds],
  );
  return new Map(rows.map(({ userId, names }) => [userId, names]));
}
