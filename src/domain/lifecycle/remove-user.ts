import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import { deleteUser } from '../users/delete-user.ts';
import { getUser } from '../users/find-user.ts';
import { lockUser } from '../users/lock-user.ts';
import { endWithReceipt } from './end-with-receipt.ts';

/**
 * Deletes a person and ends all their access, with a receipt that outlives them. Throws `not_found`, `precondition('request.version_mismatch')` and
 * `conflict('access.last_administrator')`.
 */
export async function removeUser(
  tx: Tx,
  { userId, expectedVersion }: { userId: string; expectedVersion?: number | undefined },
): Promise<void> {
  const user = await getUser(tx, userId);
  await withAdministratorKept(tx, async () => {
    await lockUser(tx, user.id, expectedVersion);
    await endWithReceipt(tx, { userIds: [user.id], cause: 'deleted' });
    await deleteUser(tx, { id: user.id, expectedVersion });
  });
}
