import type { Reader } from '../../persistence/unit-of-work.ts';

const IN_FORCE = '(a.starts_at IS NULL OR a.starts_at <= $2) AND (a.ends_at IS NULL OR a.ends_at > $2)';

const ROLES = /* sql */ `
  WITH RECURSIVE person_group (user_id, group_id) AS (
    SELECT m.user_id, m.group_id FROM group_members m WHERE m.user_id = ANY($1::uuid[])
    UNION
    SELECT person_group.user_id, i.group_id
    FROM person_group JOIN group_inclusions i ON i.included_group_id = person_group.group_id
  ), person_role (user_id, role_id) AS (
    SELECT a.user_id, a.role_id FROM role_assignments a WHERE a.user_id = ANY($1::uuid[]) AND ${IN_FORCE}
    UNION
    SELECT g.user_id, a.role_id FROM person_group g JOIN role_assignments a ON a.group_id = g.group_id WHERE ${IN_FORCE}
    UNION
    SELECT person_role.user_id, i.inherits_role_id
    FROM person_role JOIN role_inheritance i ON i.role_id = person_role.role_id
  )
  SELECT person_role.user_id AS "userId", array_agg(r.name ORDER BY r.name COLLATE "C") AS names
  FROM person_role JOIN roles r ON r.id = person_role.role_id GROUP BY person_role.user_id`;

/** Names of the roles that several people have at a moment, by whatever way, by person: what the `roles` claim would say of each. */
export async function rolesInForce(
  read: Reader,
  userIds: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await read.query<{ userId: string; names: readonly string[] }>(ROLES, [userIds, at]);
  return new Map(rows.map(({ userId, names }) => [userId, names]));
}
