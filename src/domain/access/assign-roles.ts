import { newId, type RoleAssignmentId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayGrantRoles } from './may-grant.ts';

export type RoleOfUser = { readonly roleId: string; readonly userId: string };

/**
 * Roles of many people at once. Whoever has an assignment of the role, for whatever period, keeps that one alone. Answers who
 * got one. Throws forbidden `access.exceeds_own_permissions`.
 */
export async function assignRoles(tx: Tx, wanted: readonly RoleOfUser[]): Promise<readonly string[]> {
  if (wanted.length === 0) return [];
  await assertMayGrantRoles(tx, [...new Set(wanted.map(({ roleId }) => roleId))]);
  const ids = wanted.map(() => newId<RoleAssignmentId>(tx.now.getTime()));
  const added = await tx.query<RoleOfUser & { id: string }>(
    `WITH added AS (
       INSERT INTO role_assignments (id, role_id, user_id, version, created_at, updated_at)
       SELECT given.id, given.role_id, given.user_id, 1, $4, $4
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS given (id, role_id, user_id)
       WHERE NOT EXISTS (SELECT FROM role_assignments a WHERE a.role_id = given.role_id AND a.user_id = given.user_id)
       ON CONFLICT DO NOTHING RETURNING id, role_id, user_id)
     SELECT id, role_id AS "roleId", user_id AS "userId" FROM added`,
    [ids, wanted.map(({ roleId }) => roleId), wanted.map(({ userId }) => userId), tx.now],
  );
  for (const { id, roleId, userId } of added) {
    const changed = { roleId: { to: roleId }, userId: { to: userId } };
    tx.record({ type: 'role-assignments.created', target: { type: 'role_assignment', id }, details: { changed } });
    tx.announce({ topic: 'access', key: `user:${userId}` });
  }
  return added.map(({ userId }) => userId);
}
