/**
 * Whose people are in an organization, and what it is inside of, decide over whom its administrators have power. So nobody brings
 * people or organizations into reach of such power without holding it (the rule of `may-grant.ts`).
 */
import type { Tx } from '../../persistence/unit-of-work.ts';
import { ADMIN_RESOURCE } from './admin-permissions.ts';
import { assertCovers } from './may-grant.ts';
import { powerInOrganizations } from './power-within.ts';

/** Its administrators see who is a member, and change those whom it manages. Throws forbidden `access.exceeds_own_permissions`. */
export const assertMayHandOverPeople = (
  tx: Tx,
  { organizationId, isManaged }: { readonly organizationId: string; readonly isManaged: boolean },
): Promise<void> =>
  assertCovers(
    tx,
    ['users:read', ...(isManaged ? ['users:write'] : [])].map((value) => ({
      resource: ADMIN_RESOURCE,
      value,
      organizationId,
    })),
  );

const COMING_ABOVE = /* sql */ `
  WITH RECURSIVE above (id) AS (
    SELECT $2::uuid UNION SELECT o.parent_id FROM above JOIN organizations o ON o.id = above.id
  ), was_above (id) AS (
    SELECT $1::uuid UNION SELECT o.parent_id FROM was_above JOIN organizations o ON o.id = was_above.id
  )
  SELECT id FROM above WHERE id IS NOT NULL EXCEPT SELECT id FROM was_above`;

/**
 * An organization that moves comes under all that is held in those above its new place. The caller holds the lock over the tree.
 * Throws forbidden `access.exceeds_own_permissions`.
 */
export async function assertMayMoveBelow(
  tx: Tx,
  { id, parentId }: { readonly id: string; readonly parentId: string },
): Promise<void> {
  const coming = await tx.whole.query<{ id: string }>(COMING_ABOVE, [id, parentId]);
  await assertCovers(
    tx,
    await powerInOrganizations(
      tx,
      coming.map((one) => one.id),
    ),
  );
}
