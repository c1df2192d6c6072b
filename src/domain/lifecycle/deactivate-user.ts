import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import { voidSetPasswordLinks } from '../credentials/one-time-links.ts';
import { endAllAccess } from '../sessions/end-all-access.ts';
import { getUser } from '../users/find-user.ts';
import { markInactive } from '../users/mark-inactive.ts';

/**
 * A leaver: from this commit on, every session, token and grant of theirs is refused. Someone who is inactive
 * already is left as they are. Throws `not_found` and `conflict('access.last_administrator')`.
 */
export async function deactivateUser(
  tx: Tx,
  { userId, reason }: { userId: string; reason?: string | undefined },
): Promise<void> {
  const user = await getUser(tx, userId);
  await withAdministratorKept(tx, async () => {
    if (!(await markInactive(tx, user.id))) return;
    await voidSetPasswordLinks(tx, user.id);
    await endAllAccess(tx, { userId: user.id });
    tx.record({
      type: 'users.deactivated',
      target: { type: 'user', id: user.id },
      details: { changed: { active: { from: true, to: false } }, ...(reason === undefined ? {} : { reason }) },
    });
  });
}
