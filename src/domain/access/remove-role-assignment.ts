import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from './administrators.ts';
import { assignmentDetails } from './assign-role.ts';
import { announceAssignment, lockRoleAssignment } from './role-assignment.ts';
import { RoleAssignmentsTable } from './role-assignments-table.ts';

/** Ends an assignment at once. Throws not_found, precondition `request.version_mismatch`, conflict `access.last_administrator`. */
export const removeRoleAssignment = (tx: Tx, input: RoleAssignmentRemoval): Promise<void> =>
  // The lock over administrators comes before any row's: those who remove people or groups take them in that order.
  withAdministratorKept(tx, () => remove(tx, input));

export type RoleAssignmentRemoval = { readonly id: string; readonly expectedVersion?: number | undefined };

async function remove(tx: Tx, { id, expectedVersion }: RoleAssignmentRemoval): Promise<void> {
  const assignment = await lockRoleAssignment(tx, id, expectedVersion);
  await tx.table(RoleAssignmentsTable).delete({ id: assignment.id });
  const was = Object.entries(assignmentDetails(assignment)).map(([name, { to }]) => [name, { from: to }]);
  tx.record({
    type: 'role-assignments.deleted',
    target: { type: 'role_assignment', id },
    details: { changed: Object.fromEntries(was) },
  });
  announceAssignment(tx, assignment);
}
