import { type DomainError, invalid } from '../../kernel/errors.ts';
import { newId, type RoleAssignmentId } from '../../kernel/ids.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { assertMayGrantRoles } from './may-grant.ts';
import { announceAssignment, onAssignedAlready, type RoleAssignment } from './role-assignment.ts';
import type { RoleAssignmentInput } from './role-assignment-input.ts';
import { RoleAssignmentsTable } from './role-assignments-table.ts';

/**
 * Gives a role to one person, group or client. Throws invalid with a pointer for a role or subject that does not exist,
 * conflict `role_assignments.exists`, forbidden `access.exceeds_own_permissions`.
 */
export async function assignRole(
  tx: Tx,
  input: RoleAssignmentInput & { readonly managedBy?: string },
): Promise<RoleAssignment> {
  await assertMayGrantRoles(tx, [input.roleId]);
  if (input.groupId) await assertNoTeam(tx, input.groupId);
  const assignment: RoleAssignment = {
    id: newId<RoleAssignmentId>(tx.now.getTime()),
    roleId: input.roleId,
    userId: input.userId ?? null,
    groupId: input.groupId ?? null,
    clientId: input.clientId ?? null,
    startsAt: input.startsAt ?? null,
    endsAt: input.endsAt ?? null,
    reason: input.reason ?? null,
    managedBy: input.managedBy ?? null,
    version: 1,
    createdAt: tx.now,
    updatedAt: tx.now,
  };
  await tx
    .table(RoleAssignmentsTable)
    .insert(assignment)
    .catch(onAssignedAlready)
    .catch(onConstraint('role_assignments_role_id_fkey', () => unknown('/roleId', 'role')))
    .catch(onConstraint('role_assignments_user_id_fkey', () => unknown('/userId', 'person')))
    .catch(onConstraint('role_assignments_group_id_fkey', () => unknown('/groupId', 'group')))
    .catch(onConstraint('role_assignments_client_id_fkey', () => unknown('/clientId', 'client')));
  tx.record({
    type: 'role-assignments.created',
    target: { type: 'role_assignment', id: assignment.id },
    details: { changed: assignmentDetails(assignment) },
  });
  announceAssignment(tx, assignment);
  return assignment;
}

/** A team is filled by the administrators of its organization: what it is given counts there alone. */
async function assertNoTeam(tx: Tx, groupId: string): Promise<void> {
  const teams = await tx.query('SELECT FROM groups WHERE id = $1 AND organization_id IS NOT NULL', [groupId]);
  if (teams.length === 0) return;
  const detail = 'this group is a team: assign the role within its organization';
  throw invalid('role_assignments.team', { detail, faults: [{ pointer: '/groupId', code: 'team', detail }] });
}

/** What an assignment says, for the audit log. */
export function assignmentDetails(assignment: RoleAssignment): Record<string, { readonly to: unknown }> {
  const { roleId, userId, groupId, clientId, startsAt, endsAt, reason } = assignment;
  const said = Object.entries({ roleId, userId, groupId, clientId, startsAt, endsAt, reason });
  return Object.fromEntries(said.filter(([, to]) => to !== null).map(([name, to]) => [name, { to }]));
}

const unknown = (pointer: string, noun: string): DomainError =>
  invalid('role_assignments.unknown_reference', {
    detail: `there is no such ${noun}`,
    faults: [{ pointer, code: `unknown_${noun}`, detail: `there is no ${noun} with this id` }],
  });
