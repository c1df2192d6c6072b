import { systemActor } from '../../kernel/actor.ts';
import type { Transact } from '../../persistence/unit-of-work.ts';
import { deactivateUsers } from './deactivate-user.ts';

const BATCH = 200;

/**
 * Completes the leave of those whose end date has passed, one bounded batch; true while there may be more. They are refused
 * since that moment wherever they show up; this ends what they still hold, tells applications and opens receipts.
 */
export function deactivateEnded(transact: Transact): Promise<boolean> {
  return transact(systemActor('run-lifecycle'), async (tx) => {
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM users WHERE ends_at <= $1 AND status IN ('active', 'staged') ORDER BY ends_at, id LIMIT ${BATCH}`,
      [tx.now],
    );
    if (rows.length === 0) return false;
    await deactivateUsers(tx, { userIds: rows.map(({ id }) => id), cause: 'end_date' });
    return rows.length === BATCH;
  });
}
