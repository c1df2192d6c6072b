import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from './administrators.ts';
import { assignmentDetails } from './assign-role.ts';
import { announceAssignment, lockRoleAssignment } from './role-assignment.ts';
import { RoleAssignmentsTable } from './role-assignments-table.ts';

/** Ends an assignment at once. Throws not_found, precondition `request.version_mismatch`, conflict `access.last_administrator`. */
export async function removeRoleAssignment(
  tx: Tx,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | undefined },
): Promise<void> {
  const assignment = await lockRoleAssignment(tx, id, expectedVersion);
  await withAdministratorKept(tx, () => tx.table(RoleAssignmentsTable).delete({ id: assignment.id }));
  const was = Object.entries(assignmentDetails(assignment)).map(([name, { to }]) => [name, { from: to }]);
  tx.record({
    type: 'role-assignments.deleted',
    target: { type: 'role_assignment', id },
    details: { changed: Object.fromEntries(was) },
  });
  announceAssignment(tx, assignment);
}
