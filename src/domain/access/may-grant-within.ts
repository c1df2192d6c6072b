import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertCovers } from './may-grant.ts';
import { powerOfRolesWithin } from './power-within.ts';

/**
 * Assigning roles within an organization. Whoever acts for one gives only what they hold there themselves, permissions of
 * applications too; others as everywhere. Throws forbidden `access.exceeds_own_permissions`.
 */
export async function assertMayGrantRolesWithin(
  tx: Tx,
  input: { readonly organizationId: string; readonly roleIds: readonly string[] },
): Promise<void> {
  await assertCovers(tx, await powerOfRolesWithin(tx, input));
}
