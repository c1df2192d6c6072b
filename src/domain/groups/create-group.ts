import { type GroupId, newId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { type Group, onDisplayNameTaken } from './group.ts';
import type { GroupInput } from './group-input.ts';
import { GroupsTable } from './groups-table.ts';
import { assertRuleIsValid } from './membership-rule.ts';

/** The lifecycle room fills it by its rule. Throws `conflict('groups.display_name_taken')`, invalid `groups.membership_rule_invalid`. */
export async function createGroup(tx: Tx, input: GroupInput): Promise<Group> {
  if (input.membershipRule !== undefined) assertRuleIsValid(input.membershipRule);
  const group: Group = {
    id: newId<GroupId>(tx.now.getTime()),
    ...input,
    version: 1,
    createdAt: tx.now,
    updatedAt: tx.now,
  };
  await tx
    .table(GroupsTable)
    .insert({
      ...group,
      displayNameKey: comparisonKey(group.displayName),
      externalId: group.externalId ?? null,
      membershipRule: group.membershipRule ?? null,
    })
    .catch(onDisplayNameTaken);
  const changed = Object.fromEntries(Object.entries(input).map(([name, to]) => [name, { to }]));
  tx.record({ type: 'groups.created', target: { type: 'group', id: group.id }, details: { changed } });
  return group;
}
