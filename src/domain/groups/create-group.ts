import { type GroupId, newId, type OrganizationId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { type Group, onDisplayNameTaken, organizationUnknown, teamByRule } from './group.ts';
import type { GroupInput } from './group-input.ts';
import { GroupsTable } from './groups-table.ts';
import { assertRuleIsValid } from './membership-rule.ts';

/** The lifecycle room fills it by its rule. Throws `conflict('groups.display_name_taken')`, invalid `groups.membership_rule_invalid` | `groups.team_by_rule` | `groups.organization_unknown`. */
export async function createGroup(tx: Tx, given: GroupInput): Promise<Group> {
  const input =
    tx.actor.organizationId === undefined
      ? given
      : { organizationId: tx.actor.organizationId as OrganizationId, ...given };
  if (input.organizationId !== undefined && input.membershipRule !== undefined) throw teamByRule();
  if (input.membershipRule !== undefined) await assertRuleIsValid(tx, input.membershipRule);
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
      organizationId: group.organizationId ?? null,
    })
    .catch(onDisplayNameTaken)
    .catch(onConstraint('groups_organization_id_fkey', organizationUnknown));
  const changed = Object.fromEntries(Object.entries(input).map(([name, to]) => [name, { to }]));
  tx.record({ type: 'groups.created', target: { type: 'group', id: group.id }, details: { changed } });
  return group;
}
