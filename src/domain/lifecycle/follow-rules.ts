import { onWhole, type Tx } from '../../persistence/unit-of-work.ts';
import { assertMayJoinGroup } from '../access/may-grant.ts';
import { findRuleMoves, moveByRules, moveManyByRules } from '../groups/apply-rules.ts';

/**
 * After a change of a person's attributes: joins and leaves groups by their rules, in the same transaction. Throws
 * `forbidden('access.exceeds_own_permissions')` where the change would put them into a group that gives more than the actor holds.
 */
export async function followRules(tx: Tx, userId: string): Promise<void> {
  const all = onWhole(tx);
  const moves = await findRuleMoves(all, userId);
  // Before anything moves: a group the actor joins just now must not vouch for the next.
  for (const groupId of moves.joining) await assertMayJoinGroup(tx, groupId);
  await moveByRules(all, userId, moves);
}

/** As {@link followRules} for what is proved, not claimed: nobody chose it, so nobody's power is asked for. */
export async function followRulesOnProof(tx: Tx, userId: string): Promise<void> {
  await moveByRules(onWhole(tx), userId, await findRuleMoves(onWhole(tx), userId));
}

/** As {@link followRules} for many people at once: joins are judged after they were made, and all is undone where one was too much. */
export async function followRulesOfMany(tx: Tx, userIds: readonly string[]): Promise<void> {
  for (const { groupId, joined } of await moveManyByRules(onWhole(tx), userIds))
    if (joined.length > 0) await assertMayJoinGroup(tx, groupId);
}
