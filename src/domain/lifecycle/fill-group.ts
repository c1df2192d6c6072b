import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayJoinGroup } from '../access/may-grant.ts';
import { createGroup } from '../groups/create-group.ts';
import { getGroup } from '../groups/find-group.ts';
import type { Group } from '../groups/group.ts';
import type { GroupInput } from '../groups/group-input.ts';
import { addGroupMembers } from '../groups/group-members.ts';

/**
 * Puts people into a group, and so gives them what is assigned to it. Throws what `addGroupMembers` throws, and
 * `forbidden('access.exceeds_own_permissions')`.
 */
export async function fillGroup(
  tx: Tx,
  { groupId, userIds }: { groupId: string; userIds: readonly string[] },
): Promise<readonly string[]> {
  const group = await getGroup(tx, groupId);
  await assertMayJoinGroup(tx, group.id);
  return addGroupMembers(tx, { groupId: group.id, userIds });
}

/** A new group with its first members. A new group has no roles. */
export async function foundGroup(
  tx: Tx,
  { input, userIds }: { input: GroupInput; userIds: readonly string[] },
): Promise<Group> {
  const group = await createGroup(tx, input);
  if (userIds.length === 0) return group;
  await addGroupMembers(tx, { groupId: group.id, userIds });
  return getGroup(tx, group.id);
}
