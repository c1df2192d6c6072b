import { outOfReach } from '../../persistence/organization-scope.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayManageUser } from '../access/may-grant.ts';
import { assertMayHandOverPeople } from '../access/may-hand-over.ts';
import { addOrganizationMembers, giveHome } from '../organizations/organization-members.ts';

export type NewMember = { readonly value: string; readonly managed: boolean };

/**
 * Makes people members, some of them with accounts that the organization manages from now on: its administrators may then change
 * and end them, so whoever gives an account away must hold what it holds, and what they get over it. Throws what `addOrganizationMembers` throws, and
 * `forbidden('access.exceeds_own_permissions')`.
 */
export async function addMembers(
  tx: Tx,
  { organizationId, members }: { readonly organizationId: string; readonly members: readonly NewMember[] },
): Promise<void> {
  const managed = members.filter((member) => member.managed).map(({ value }) => value);
  if (managed.length > 0 && tx.actor.organizationId !== undefined) throw outOfReach(undefined);
  await assertMayHandOverPeople(tx, { organizationId, isManaged: managed.length > 0 });
  await addOrganizationMembers(tx, { organizationId, userIds: members.map(({ value }) => value) });
  for (const userId of managed) await assertMayManageUser(tx, userId);
  if (managed.length > 0) await giveHome(tx, { organizationId, userIds: managed });
}
