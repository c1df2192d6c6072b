import type { Tx } from '../../persistence/unit-of-work.ts';
import { forgetDevices } from '../authentication/known-devices.ts';
import { setPassword } from '../credentials/set-password.ts';
import { endAllAccess } from '../sessions/end-all-access.ts';
import { emitSignals } from '../signals/emit-signals.ts';
import { refuseEarlierAccess } from '../users/refuse-earlier-access.ts';
import { passwordChanged } from './password-changed.ts';

/**
 * Someone else's word for a password (an administrator, a recovery link): whoever was signed in with the old one is out.
 * NIST SP 800-63B §6.1.2.3 asks for that after recovery. Throws `not_found`.
 */
export async function replacePassword(tx: Tx, { userId, hash }: { userId: string; hash: string }): Promise<void> {
  await refuseEarlierAccess(tx, userId);
  await setPassword(tx, { userId, hash });
  await forgetDevices(tx, { userId });
  await endAllAccess(tx, { userId });
  await emitSignals(tx, [{ userId, name: 'session-revoked' }, passwordChanged(userId)]);
}
