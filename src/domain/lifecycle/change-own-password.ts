import type { Tx } from '../../persistence/unit-of-work.ts';
import { setPassword } from '../credentials/set-password.ts';
import { endOtherAccess } from '../sessions/end-other-access.ts';

/**
 * Someone who is signed in and has proved their current password changes it: everything else that is signed in as them ends,
 * in this transaction; the browser they do it in stays. Throws `not_found`.
 */
export async function changeOwnPassword(
  tx: Tx,
  { userId, hash, sessionUid }: { userId: string; hash: string; sessionUid: string },
): Promise<void> {
  await setPassword(tx, { userId, hash });
  await endOtherAccess(tx, { userId, keptSessionUid: sessionUid });
}
