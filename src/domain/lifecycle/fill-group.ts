import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayJoinGroup } from '../access/may-grant.ts';
import { refillByRule } from '../groups/apply-rules.ts';
import { createGroup } from '../groups/create-group.ts';
import { getGroup } from '../groups/find-group.ts';
import type { Group } from '../groups/group.ts';
import type { GroupInput } from '../groups/group-input.ts';
import { addGroupMembers } from '../groups/group-members.ts';
import { includeGroups } from '../groups/include-groups.ts';
import { lockRules } from '../groups/membership-rule.ts';

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

/** Who is to be a member, as a caller names them. */
export type NamedMember = { readonly value: string; readonly type: 'User' | 'Group' };

/** People and groups alike. Throws what `fillGroup` and `includeGroups` throw. */
export async function fillGroupWith(
  tx: Tx,
  { groupId, members }: { groupId: string; members: readonly NamedMember[] },
): Promise<void> {
  const group = await getGroup(tx, groupId);
  await assertMayJoinGroup(tx, group.id);
  await addNamed(tx, group, members);
}

type FirstMembers = {
  readonly input: GroupInput;
  readonly userIds?: readonly string[];
  readonly members?: readonly NamedMember[];
};

/** A new group with its first members. A new group has no roles. */
export async function foundGroup(tx: Tx, { input, userIds = [], members = [] }: FirstMembers): Promise<Group> {
  if (input.membershipRule !== undefined) await lockRules(tx, 'rule');
  const group = await createGroup(tx, input);
  if (group.membershipRule !== undefined) await refillByRule(tx, group.id, group.membershipRule);
  await addNamed(tx, group, [...members, ...userIds.map((value) => ({ value, type: 'User' as const }))]);
  return getGroup(tx, group.id);
}

async function addNamed(tx: Tx, { id: groupId }: Group, members: readonly NamedMember[]): Promise<void> {
  const named = members.map((member, index) => ({ ...member, pointer: `/members/${index}/value` }));
  const [people, groups] = [named.filter(({ type }) => type === 'User'), named.filter(({ type }) => type === 'Group')];
  const pointers = (some: typeof named) => some.map(({ pointer }) => pointer);
  const values = (some: typeof named) => some.map(({ value }) => value);
  if (people.length > 0) await addGroupMembers(tx, { groupId, userIds: values(people), pointers: pointers(people) });
  if (groups.length > 0) await includeGroups(tx, { groupId, includedIds: values(groups), pointers: pointers(groups) });
}
