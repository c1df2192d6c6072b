import { onWhole, type Tx } from '../../persistence/unit-of-work.ts';
import { forgetDevices } from '../authentication/known-devices.ts';
import { stopFactorRecoveries } from '../credentials/factor-recoveries.ts';
import { removePassword } from '../credentials/remove-password.ts';
import { voidLinks } from '../credentials/void-links.ts';
import { enqueueMail } from '../notifications/mail.ts';
import { endAllAccess } from '../sessions/end-all-access.ts';
import { emitSignals } from '../signals/emit-signals.ts';
import { refuseEarlierAccess } from '../users/refuse-earlier-access.ts';
import { cancelEmailChanges } from './cancel-email-changes.ts';
import { removePasskeysSince } from './change-passkeys.ts';
import { NOT_ME_LINK_SECONDS } from './prepare-mail.ts';

/**
 * Somebody else was in the account, says whoever has the mailbox. Everything that is signed in ends, the password stops working,
 * because the other knows it, and a link for a new one goes to the mailbox. Second factors stay,
 * as after any recovery; but a passkey signs in alone, and one that is younger than the link that can object to it may be the other's.
 */
export async function takeBackAccount(
  within: Tx,
  { userId, addressKey }: { readonly userId: string; readonly addressKey: string },
): Promise<void> {
  const tx = onWhole(within);
  await refuseEarlierAccess(tx, userId);
  await removePassword(tx, userId);
  await removePasskeysSince(tx, { userId, since: new Date(tx.now.getTime() - NOT_ME_LINK_SECONDS * 1000) });
  await forgetDevices(tx, { userId });
  await voidLinks(tx, [userId]);
  await cancelEmailChanges(tx, [userId]);
  await stopFactorRecoveries(tx, { userIds: [userId], by: 'taken_back' });
  await endAllAccess(tx, { userId });
  tx.record({ type: 'accounts.taken-back', target: { type: 'user', id: userId } });
  enqueueMail(tx, { kind: 'recovery', userId, addressKey });
  await emitSignals(tx, [
    { userId, name: 'session-revoked', reason: 'The person said that a sign-in was not theirs' },
    {
      userId,
      name: 'credential-change',
      reason: 'The password stopped working',
      claims: { credential_type: 'password', change_type: 'revoke' },
    },
  ]);
}
