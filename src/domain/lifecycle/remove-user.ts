import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import { endAllAccess } from '../sessions/end-all-access.ts';
import { deleteUser } from '../users/delete-user.ts';
import { getUser } from '../users/find-user.ts';

/**
 * Deletes a person and ends all their access. Throws `not_found`, `precondition('request.version_mismatch')` and
 * `conflict('access.last_administrator')`.
 */
export async function removeUser(
  tx: Tx,
  { userId, expectedVersion }: { userId: string; expectedVersion?: number | undefined },
): Promise<void> {
  const user = await getUser(tx, userId);
  await withAdministratorKept(tx, async () => {
    await deleteUser(tx, { id: user.id, expectedVersion });
    await endAllAccess(tx, { userId: user.id });
  });
}
