import { groupBy } from '../../kernel/group-by.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { endGroupMembership } from '../lifecycle/end-group-membership.ts';
import { fillGroup } from '../lifecycle/fill-group.ts';
import {
  type CurrentMembership,
  type CurrentState,
  type Item,
  itemOf,
  MANAGED_BY,
  userSubject,
} from './current-state.ts';
import type { DeclaredUser } from './declaration-schema.ts';
import type { HeldRolesPlan } from './plan-held-roles.ts';
import { idOf, type Step, type Work } from './plan-step.ts';
import { reactivated } from './reactivated.ts';

type Joining = { readonly userKey: string; readonly userName: string; readonly isReactivation: boolean };
type Joinings = { readonly groupName: string; readonly people: Joining[] };

/** As with roles: memberships a file made follow it, and those that somebody else ended do not come back. */
export function planMemberships(
  users: readonly DeclaredUser[],
  state: CurrentState,
  { reactivate, present }: { readonly reactivate: boolean; readonly present: ReadonlySet<string> },
): HeldRolesPlan {
  const current = groupBy(state.memberships, ({ userKey }) => userKey);
  const joinings = new Map<string, Joinings>();
  const leavings: CurrentMembership[] = [];
  const notes: string[] = [];
  const items: Item[] = [];
  for (const { input, groups } of users) {
    const { userName } = input;
    const [subject, userKey] = [userSubject(userName), comparisonKey(userName)];
    const declared = new Map(groups.map((name) => [comparisonKey(name), name]));
    if (!present.has(subject)) continue;
    const has = current.get(userKey) ?? [];
    for (const [groupKey, groupName] of declared) {
      const item = { kind: 'group_membership', subject, object: groupKey } as const;
      items.push(item);
      if (has.some((membership) => membership.groupKey === groupKey)) continue;
      const hasEnded = state.items.has(itemOf(item));
      if (hasEnded && !reactivate) {
        notes.push(`${userName} was taken out of ${groupName} since, and is not put back (--reactivate does)`);
        continue;
      }
      const joining = joinings.get(groupKey) ?? { groupName, people: [] };
      joining.people.push({ userKey, userName, isReactivation: hasEnded });
      joinings.set(groupKey, joining);
    }
    leavings.push(...has.filter(({ managedBy, groupKey }) => managedBy === MANAGED_BY && !declared.has(groupKey)));
  }
  return {
    additions: [...joinings].map(([key, joining]) => addition(key, joining)),
    removals: removalsOf(leavings),
    notes,
    items,
  };
}

function addition(groupKey: string, { groupName, people }: Joinings): Step {
  const action = people.some(({ isReactivation }) => isReactivation) ? 'reactivate' : 'create';
  return {
    action,
    noun: 'group membership',
    name: `${people.map(({ userName }) => userName).join(', ')} in ${groupName}`,
    run: (tx, work) => join(tx, work, groupKey, people),
  };
}

async function join(tx: Tx, { known }: Work, groupKey: string, people: readonly Joining[]): Promise<void> {
  const groupId = idOf(known.groupIds, groupKey);
  const added = await fillGroup(tx, { groupId, userIds: people.map(({ userKey }) => idOf(known.userIds, userKey)) });
  await tx.query('UPDATE group_members SET managed_by = $3 WHERE group_id = $1 AND user_id = ANY ($2::uuid[])', [
    groupId,
    added,
    MANAGED_BY,
  ]);
  for (const { userKey, isReactivation } of people)
    if (isReactivation) reactivated(tx, { type: 'user', id: idOf(known.userIds, userKey) }, 'group membership');
}

function removalsOf(leavings: readonly CurrentMembership[]): readonly Step[] {
  return [...groupBy(leavings, ({ groupId }) => groupId)].map(([groupId, people]) => ({
    action: 'delete',
    noun: 'group membership',
    name: `${people.map(({ userKey }) => userKey).join(', ')} in ${people[0]?.groupName}`,
    run: (tx) => endGroupMembership(tx, { groupId, userIds: people.map(({ userId }) => userId) }),
  }));
}
