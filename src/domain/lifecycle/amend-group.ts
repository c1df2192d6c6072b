import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import type { Filter } from '../directory-filter/filter.ts';
import { getGroup } from '../groups/find-group.ts';
import type { Group } from '../groups/group.ts';
import type { GroupPatch } from '../groups/group-input.ts';
import { removeGroupMembers } from '../groups/group-members.ts';
import { excludeGroups } from '../groups/include-groups.ts';
import { lockGroup } from '../groups/lock-group.ts';
import { differenceFrom, findMembers, type NamedMember, typedMembers } from '../groups/memberships.ts';
import { changeGroup } from './change-group.ts';
import { fillGroupWith } from './fill-group.ts';

/** One step of a change; steps are taken in their order (RFC 7644 §3.5.2). */
export type GroupStep =
  | { readonly kind: 'attributes'; readonly patch: GroupPatch }
  | { readonly kind: 'add' | 'remove' | 'replace'; readonly members: readonly NamedMember[] }
  | { readonly kind: 'remove-matching'; readonly filter: Filter };

export type GroupAmendment = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly steps: readonly GroupStep[];
};

/**
 * One change of a group from outside, attributes and members alike. Members come and go row by row, whatever the size of the group.
 * Throws what `updateGroup`, `fillGroupWith` and `removeGroupMembers` throw, and `conflict('access.last_administrator')`.
 */
export async function amendGroup(tx: Tx, { id, expectedVersion, steps }: GroupAmendment): Promise<Group> {
  const work = async () => {
    await lockGroup(tx, id, expectedVersion);
    for (const step of steps) await take(tx, id, step);
    return getGroup(tx, id);
  };
  // The lock over administrators comes before any row's, here as everywhere.
  return steps.some(mayRemove) ? withAdministratorKept(tx, work) : work();
}

const mayRemove = ({ kind }: GroupStep): boolean => kind !== 'attributes' && kind !== 'add';

async function take(tx: Tx, groupId: string, step: GroupStep): Promise<void> {
  switch (step.kind) {
    case 'attributes':
      await changeGroup(tx, { id: groupId, patch: step.patch });
      return;
    case 'add':
      await fillGroupWith(tx, { groupId, members: await typedMembers(tx, step.members) });
      return;
    case 'remove':
      await takeOut(tx, groupId, step.members);
      return;
    case 'remove-matching':
      await takeOut(tx, groupId, await findMembers(tx, groupId, step.filter));
      return;
    case 'replace': {
      const { added, removed } = await differenceFrom(tx, groupId, await typedMembers(tx, step.members));
      await takeOut(tx, groupId, removed);
      if (added.length > 0) await fillGroupWith(tx, { groupId, members: added });
    }
  }
}

/** Whoever is named without a kind is no member as either any more. */
async function takeOut(tx: Tx, groupId: string, members: readonly NamedMember[]): Promise<void> {
  const idsBut = (other: NamedMember['type']): readonly string[] =>
    members.flatMap(({ value, type }) => (type === other ? [] : [value]));
  const [userIds, includedIds] = [idsBut('Group'), idsBut('User')];
  if (userIds.length > 0) await removeGroupMembers(tx, { groupId, userIds });
  if (includedIds.length > 0) await excludeGroups(tx, { groupId, includedIds });
}
