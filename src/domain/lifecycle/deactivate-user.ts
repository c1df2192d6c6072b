import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import type { ReceiptCause } from '../receipts/receipt.ts';
import { getUser } from '../users/find-user.ts';
import { type ClosedStatus, markInactive } from '../users/mark-inactive.ts';
import { endWithReceipt } from './end-with-receipt.ts';

export type Leaving = {
  readonly cause?: Exclude<ReceiptCause, 'deleted'> | undefined;
  readonly reason?: string | undefined;
  /** Gone, unless they are out for a while (suspended) or yet to begin (staged). */
  readonly to?: ClosedStatus | undefined;
};

const AS = {
  inactive: { type: 'users.deactivated', cause: 'deactivated' },
  suspended: { type: 'users.suspended', cause: 'suspended' },
  staged: { type: 'users.staged', cause: 'staged' },
} as const;

/**
 * A leaver: from this commit on, every session, token and grant of theirs is refused, and a receipt accounts for it. Someone
 * who has the status already is left as they are. Throws `not_found` and `conflict('access.last_administrator')`.
 */
export async function deactivateUser(tx: Tx, { userId, ...leaving }: Leaving & { userId: string }): Promise<void> {
  const user = await getUser(tx, userId);
  await deactivateUsers(tx, { userIds: [user.id], ...leaving });
}

/** Many at once, all or none. Answers the receipts of those who were not out in this way already, by person. */
export function deactivateUsers(
  tx: Tx,
  { userIds, to = 'inactive', cause = AS[to].cause, reason }: Leaving & { userIds: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  return withAdministratorKept(tx, async () => {
    const leavers = await markInactive(tx, userIds, to);
    if (leavers.length === 0) return new Map();
    const receipts = await endWithReceipt(tx, { userIds: leavers.map(({ id }) => id), cause });
    for (const { id, from } of leavers)
      tx.record({
        type: AS[to].type,
        target: { type: 'user', id },
        details: {
          changed: { ...(from === 'active' ? { active: { from: true, to: false } } : {}), status: { from, to } },
          receiptId: receipts.get(id),
          ...(cause === AS[to].cause ? {} : { cause }),
          ...(reason === undefined ? {} : { reason }),
        },
      });
    return receipts;
  });
}
