import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import { removeGroupMembers } from '../groups/group-members.ts';
import { excludeGroups } from '../groups/include-groups.ts';

/** Who was a member until now. Throws `not_found` for the group, and `conflict('access.last_administrator')`. */
export async function endGroupMembership(
  tx: Tx,
  membership: { groupId: string; userIds: readonly string[] },
): Promise<readonly string[]> {
  return withAdministratorKept(tx, () => removeGroupMembers(tx, membership));
}

/** Takes out the person or group with this id; false when neither is a member. Throws as {@link endGroupMembership}. */
export async function endMembership(
  tx: Tx,
  { groupId, memberId }: { groupId: string; memberId: string },
): Promise<boolean> {
  return withAdministratorKept(tx, async () => {
    const people = await removeGroupMembers(tx, { groupId, userIds: [memberId] });
    const groups = await excludeGroups(tx, { groupId, includedIds: [memberId] });
    return people.length + groups.length > 0;
  });
}
