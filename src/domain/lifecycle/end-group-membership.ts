import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import { removeGroupMembers } from '../groups/group-members.ts';

/** Who was a member until now. Throws `not_found` for the group, and `conflict('access.last_administrator')`. */
export async function endGroupMembership(
  tx: Tx,
  membership: { groupId: string; userIds: readonly string[] },
): Promise<readonly string[]> {
  return withAdministratorKept(tx, () => removeGroupMembers(tx, membership));
}
