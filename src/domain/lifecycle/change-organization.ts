import { advisoryLocks } from '../../persistence/advisory-lock.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayMoveBelow } from '../access/may-hand-over.ts';
import { findOrganization, type Organization } from '../organizations/organization.ts';
import { type OrganizationChange, updateOrganization } from '../organizations/update-organization.ts';

/**
 * Whoever moves an organization hands its people to the administrators above its new place. Throws what `updateOrganization`
 * throws, and `forbidden('access.exceeds_own_permissions')`.
 */
export async function changeOrganization(tx: Tx, change: OrganizationChange): Promise<Organization> {
  const { parentId } = change.patch;
  if (parentId === undefined || parentId === null) return updateOrganization(tx, change);
  // The tree stays as it is judged.
  await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.organizationTree]);
  const [moving, parent] = [await findOrganization(tx, change.id), await findOrganization(tx, parentId)];
  if (moving && parent && moving.parentId !== parent.id) await assertMayMoveBelow(tx, { id: moving.id, parentId });
  return updateOrganization(tx, change);
}
