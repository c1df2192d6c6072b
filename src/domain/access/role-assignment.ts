import { assertVersion } from '../../kernel/assert-version.ts';
import { conflict, notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage, whereAll } from '../../persistence/keyset-page.ts';
import { onConstraint, type Reader, type Tx } from '../../persistence/unit-of-work.ts';
import type { RoleAssignmentRow } from './role-assignments-table.ts';

/** A role given to exactly one person, group or client, in force from `startsAt` (inclusive) to `endsAt` (exclusive). */
export type RoleAssignment = Readonly<RoleAssignmentRow>;

const COLUMNS = /* sql */ `
  id, role_id AS "roleId", user_id AS "userId", group_id AS "groupId", client_id AS "clientId", starts_at AS "startsAt",
  ends_at AS "endsAt", reason, managed_by AS "managedBy", version, created_at AS "createdAt", updated_at AS "updatedAt"`;

export async function findRoleAssignment(read: Reader, id: string): Promise<RoleAssignment | undefined> {
  if (!isUuid(id)) return undefined;
  const [found] = await read.query<RoleAssignment>(`SELECT ${COLUMNS} FROM role_assignments WHERE id = $1`, [id]);
  return found;
}

/** Throws `not_found`, for a malformed id as well. */
export async function getRoleAssignment(read: Reader, id: string): Promise<RoleAssignment> {
  const found = await findRoleAssignment(read, id);
  if (found === undefined) throw roleAssignmentNotFound();
  return found;
}

/** The assignment as it is, with its row locked until the end of the transaction. */
export async function lockRoleAssignment(
  tx: Tx,
  id: string,
  expectedVersion: number | undefined,
): Promise<RoleAssignment> {
  if (!isUuid(id)) throw roleAssignmentNotFound();
  await tx.query('SELECT 1 FROM role_assignments WHERE id = $1 FOR NO KEY UPDATE', [id]);
  const found = await getRoleAssignment(tx, id);
  assertVersion('assignment', found.version, expectedVersion);
  return found;
}

export type RoleAssignmentFilters = {
  readonly roleId?: string | undefined;
  readonly userId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly clientId?: string | undefined;
};

/** Assignments that match all filters, by id, oldest first; those over or not begun included. */
export async function searchRoleAssignments(
  read: Reader,
  { filters, cursor, limit }: PageRequest & { readonly filters: RoleAssignmentFilters },
): Promise<Page<RoleAssignment>> {
  const { where, parameters } = whereAll({
    'role_id =': filters.roleId,
    'user_id =': filters.userId,
    'group_id =': filters.groupId,
    'client_id =': filters.clientId,
    'id >': cursor === undefined ? undefined : decodeCursor(cursor, isUuid),
  });
  parameters.push(limit + 1);
  const rows = await read.query<RoleAssignment>(
    `SELECT ${COLUMNS} FROM role_assignments ${where}
     ORDER BY id LIMIT $${parameters.length}`,
    parameters,
  );
  return toPage(rows, limit, (assignment) => assignment.id);
}

/** Whose access has changed; a group's change may touch anyone. */
export function announceAssignment(tx: Tx, subject: Pick<RoleAssignment, 'userId' | 'clientId'>): void {
  if (subject.userId !== null) tx.announce({ topic: 'access', key: `user:${subject.userId}` });
  else if (subject.clientId !== null) tx.announce({ topic: 'access', key: `client:${subject.clientId}` });
  else tx.announce({ topic: 'access', key: '*' });
}

export const roleAssignmentNotFound = () =>
  notFound('role_assignments.not_found', { detail: 'there is no role assignment with this id' });

export const onAssignedAlready = onConstraint('role_assignments_once', () =>
  conflict('role_assignments.exists', {
    detail: 'this role is assigned to this subject already, from the same start; change that assignment instead',
  }),
);
