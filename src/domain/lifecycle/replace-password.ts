import type { Tx } from '../../persistence/unit-of-work.ts';
import { forgetDevices } from '../authentication/known-devices.ts';
import { stopFactorRecoveries } from '../credentials/factor-recoveries.ts';
import { findPasswordHash } from '../credentials/password-credential.ts';
import { setPassword } from '../credentials/set-password.ts';
import { enqueueMail, type PasswordSetBy } from '../notifications/mail.ts';
import { endAllAccess } from '../sessions/end-all-access.ts';
import { emitSignals } from '../signals/emit-signals.ts';
import { refuseEarlierAccess } from '../users/refuse-earlier-access.ts';
import { cancelEmailChanges } from './cancel-email-changes.ts';
import { passwordChanged } from './password-changed.ts';

/**
 * Someone else's word for a password (an administrator, a recovery link): whoever was signed in with the old one is out.
 * NIST SP 800-63B §6.1.2.3 asks for that after recovery; the person is told by mail. Throws `not_found`.
 */
export async function replacePassword(
  tx: Tx,
  { userId, hash, by }: { userId: string; hash: string; by: Exclude<PasswordSetBy, 'self'> },
): Promise<void> {
  const isFirst = (await findPasswordHash(tx, userId)) === undefined;
  await refuseEarlierAccess(tx, userId);
  await setPassword(tx, { userId, hash });
  await forgetDevices(tx, { userId });
  await cancelEmailChanges(tx, [userId]);
  await stopFactorRecoveries(tx, { userIds: [userId], by: 'password_changed' });
  await endAllAccess(tx, { userId });
  if (!isFirst) enqueueMail(tx, { kind: 'password_changed', userId, by });
  await emitSignals(tx, [
    { userId, name: 'session-revoked', reason: 'The password was replaced' },
    passwordChanged(userId, isFirst ? 'create' : 'update'),
  ]);
}
