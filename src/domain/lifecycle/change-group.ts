import { conflict } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import { assertMayJoinGroup } from '../access/may-grant.ts';
import { refillByRule } from '../groups/apply-rules.ts';
import { getGroup } from '../groups/find-group.ts';
import type { Group } from '../groups/group.ts';
import { lockRules } from '../groups/membership-rule.ts';
import { type GroupChange, updateGroup } from '../groups/update-group.ts';

/**
 * One change of a group's attributes. A new rule decides about everyone in the same transaction; a rule that is removed takes its
 * members with it. Throws what `updateGroup` throws, `conflict('groups.has_members')`, `conflict('access.last_administrator')`, and
 * `forbidden('access.exceeds_own_permissions')`: whoever writes a rule puts people into the group.
 */
export async function changeGroup(tx: Tx, change: GroupChange): Promise<Group> {
  const { membershipRule } = change.patch;
  if (membershipRule === undefined) return updateGroup(tx, change);
  // The lock over administrators comes before any other.
  return withAdministratorKept(tx, async () => {
    await lockRules(tx, 'rule');
    const before = await getGroup(tx, change.id);
    if (membershipRule !== null && membershipRule !== before.membershipRule) {
      await assertMayJoinGroup(tx, before.id);
      if (before.membershipRule === undefined) await assertEmpty(tx, before.id);
    }
    const after = await updateGroup(tx, change);
    if (after.membershipRule === before.membershipRule) return after;
    await refillByRule(tx, after.id, after.membershipRule);
    return getGroup(tx, after.id);
  });
}

/** Members who come by hand at the same time wait for the lock over rules. */
async function assertEmpty(tx: Tx, groupId: string): Promise<void> {
  const rows = await tx.query(
    `SELECT 1 FROM group_members WHERE group_id = $1
     UNION ALL SELECT 1 FROM group_inclusions WHERE group_id = $1 LIMIT 1`,
    [groupId],
  );
  if (rows.length === 0) return;
  throw conflict('groups.has_members', {
    detail: 'A group by rule has no members put in by hand. Take them out first.',
    faults: [{ pointer: '/membershipRule', code: 'has_members', detail: 'the group has members' }],
  });
}
