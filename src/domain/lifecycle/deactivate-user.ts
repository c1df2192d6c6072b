import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import type { ReceiptCause } from '../receipts/receipt.ts';
import { getUser } from '../users/find-user.ts';
import { markInactive } from '../users/mark-inactive.ts';
import { endWithReceipt } from './end-with-receipt.ts';

export type Leaving = {
  readonly cause?: Exclude<ReceiptCause, 'deleted'> | undefined;
  readonly reason?: string | undefined;
};

/**
 * A leaver: from this commit on, every session, token and grant of theirs is refused, and a receipt accounts for it. Someone
 * who is inactive already is left as they are. Throws `not_found` and `conflict('access.last_administrator')`.
 */
export async function deactivateUser(tx: Tx, { userId, ...leaving }: Leaving & { userId: string }): Promise<void> {
  const user = await getUser(tx, userId);
  await deactivateUsers(tx, { userIds: [user.id], ...leaving });
}

/** Many at once, all or none. Answers the receipts of those who were active, by person. */
export function deactivateUsers(
  tx: Tx,
  { userIds, cause = 'deactivated', reason }: Leaving & { userIds: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  return withAdministratorKept(tx, async () => {
    const leavers = await markInactive(tx, userIds);
    if (leavers.length === 0) return new Map();
    const receipts = await endWithReceipt(tx, { userIds: leavers, cause });
    for (const id of leavers)
      tx.record({
        type: 'users.deactivated',
        target: { type: 'user', id },
        details: {
          changed: { active: { from: true, to: false } },
          receiptId: receipts.get(id),
          ...(cause === 'deactivated' ? {} : { cause }),
          ...(reason === undefined ? {} : { reason }),
        },
      });
    return receipts;
  });
}
