import type { Tx } from '../../persistence/unit-of-work.ts';
import { type DeviceTokens, forgetDevices } from '../authentication/known-devices.ts';
import { lockIfUnchanged, type SignInAccount } from '../authentication/sign-in-account.ts';
import { stopFactorRecoveries } from '../credentials/factor-recoveries.ts';
import { setPassword } from '../credentials/set-password.ts';
import { enqueueMail } from '../notifications/mail.ts';
import { endOtherAccess } from '../sessions/end-other-access.ts';
import { emitSignals } from '../signals/emit-signals.ts';
import { cancelEmailChanges } from './cancel-email-changes.ts';
import { passwordChanged } from './password-changed.ts';

export type OwnPasswordChange = {
  /** As it was when the current password was proved. */
  readonly account: SignInAccount;
  readonly hash: string;
  /** The session and the device tokens of the browser it is done in. */
  readonly sessionUid: string;
  readonly deviceTokens: DeviceTokens;
};

/**
 * Someone who is signed in and has proved their current password changes it: everything else that is signed in as them ends,
 * in this transaction; the browser they do it in stays. False, and recorded, when the password was changed or the person
 * deactivated since the proof: whoever took the account back keeps it.
 */
export async function changeOwnPassword(
  tx: Tx,
  { account, hash, sessionUid, deviceTokens }: OwnPasswordChange,
): Promise<boolean> {
  const { id: userId } = account;
  if (!(await lockIfUnchanged(tx, account))) {
    tx.record({
      type: 'passwords.confirmation-refused',
      outcome: 'refused',
      reason: 'changed_meanwhile',
      target: { type: 'user', id: userId },
    });
    return false;
  }
  await setPassword(tx, { userId, hash });
  await forgetDevices(tx, { userId, keptTokens: deviceTokens });
  await cancelEmailChanges(tx, [userId]);
  await stopFactorRecoveries(tx, { userIds: [userId], by: 'password_changed' });
  await endOtherAccess(tx, { userId, keptSessionUid: sessionUid });
  enqueueMail(tx, { kind: 'password_changed', userId, by: 'self' });
  await emitSignals(tx, [passwordChanged(userId)]);
  return true;
}
