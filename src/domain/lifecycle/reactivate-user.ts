import type { Tx } from '../../persistence/unit-of-work.ts';
import { emitSignals } from '../signals/emit-signals.ts';
import { getUser } from '../users/find-user.ts';
import { markActive } from '../users/mark-active.ts';
import { isPersonInForce } from '../users/standing.ts';

/** Lets the person sign in again. Nothing that ended comes back. Throws `not_found`. */
export async function reactivateUser(tx: Tx, { userId }: { userId: string }): Promise<void> {
  const user = await getUser(tx, userId);
  if (!(await markActive(tx, user.id))) return;
  const after = await getUser(tx, user.id);
  const isIn = isPersonInForce(after, tx.now);
  if (isIn) await emitSignals(tx, [{ userId: user.id, name: 'account-enabled' }]);
  tx.record({
    type: 'users.reactivated',
    target: { type: 'user', id: user.id },
    details: {
      changed: {
        active: { from: false, to: isIn },
        status: { from: user.status, to: 'active' },
      },
    },
  });
}
