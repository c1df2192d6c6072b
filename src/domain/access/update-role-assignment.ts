import { isDeepStrictEqual } from 'node:util';
import { invalid } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from './administrators.ts';
import { assertMayGrantRoles } from './may-grant.ts';
import {
  announceAssignment,
  getRoleAssignment,
  lockRoleAssignment,
  onAssignedAlready,
  type RoleAssignment,
} from './role-assignment.ts';
import type { RoleAssignmentPatch } from './role-assignment-input.ts';
import { RoleAssignmentsTable } from './role-assignments-table.ts';

export type RoleAssignmentChange = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: RoleAssignmentPatch;
};

/**
 * Changes the period or the reason. A changed period is a grant, because it may give what had ended. Throws not_found,
 * invalid, precondition `request.version_mismatch`, forbidden `access.exceeds_own_permissions`, conflict
 * `role_assignments.exists` | `access.last_administrator`.
 */
export const updateRoleAssignment = (tx: Tx, change: RoleAssignmentChange): Promise<RoleAssignment> =>
  // The lock over administrators comes before any row's.
  withAdministratorKept(tx, () => update(tx, change));

async function update(tx: Tx, { id, expectedVersion, patch }: RoleAssignmentChange): Promise<RoleAssignment> {
  // What changes nothing takes no lock and leaves no trace.
  const seen = await getRoleAssignment(tx, id);
  const isStale = expectedVersion !== undefined && expectedVersion !== seen.version;
  if (!isStale && Object.keys(changesOf(seen, { ...seen, ...patch })).length === 0) return seen;
  const before = await lockRoleAssignment(tx, id, expectedVersion);
  const after: RoleAssignment = { ...before, ...patch, version: before.version + 1, updatedAt: tx.now };
  const changed = changesOf(before, after);
  if (after.startsAt && after.endsAt && after.startsAt >= after.endsAt) throw periodInvalid();
  if (changed.startsAt || changed.endsAt) await assertMayGrantRoles(tx, [before.roleId]);
  const { startsAt, endsAt, reason, version, updatedAt } = after;
  await tx
    .table(RoleAssignmentsTable)
    .update({ id: before.id }, { startsAt, endsAt, reason, version, updatedAt })
    .catch(onAssignedAlready);
  tx.record({ type: 'role-assignments.updated', target: { type: 'role_assignment', id }, details: { changed } });
  announceAssignment(tx, before);
  return after;
}

type Changes = Partial<Record<'startsAt' | 'endsAt' | 'reason', { readonly from: unknown; readonly to: unknown }>>;

function changesOf(before: RoleAssignment, after: RoleAssignment): Changes {
  const changes: Changes = {};
  for (const name of ['startsAt', 'endsAt', 'reason'] as const) {
    if (!isDeepStrictEqual(before[name], after[name])) changes[name] = { from: before[name], to: after[name] };
  }
  return changes;
}

const periodInvalid = () =>
  invalid('role_assignments.period_invalid', {
    detail: 'the assignment would end before it starts',
    faults: [{ pointer: '/endsAt', detail: 'expected a moment after startsAt' }],
  });
