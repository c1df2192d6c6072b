import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayManageUser } from '../access/may-grant.ts';
import { endAllDeviceTrust } from '../authentication/trusted-devices.ts';
import { stopFactorRecoveries } from '../credentials/factor-recoveries.ts';
import { deletePasskeys } from '../credentials/passkeys.ts';
import { deleteRecoveryCodes, replaceRecoveryCodes } from '../credentials/recovery-codes.ts';
import type { SecondFactorSecrets } from '../credentials/second-factor-secrets.ts';
import { findSecondFactors, hasAny } from '../credentials/second-factors.ts';
import { matchingStep } from '../credentials/totp.ts';
import { deleteTotp, insertTotp } from '../credentials/totp-credential.ts';
import { enqueueMail } from '../notifications/mail.ts';
import { emitSignals, type Signal } from '../signals/emit-signals.ts';
import { getUser } from '../users/find-user.ts';
import { passkeyChanged } from './change-passkeys.ts';

/** CAEP §3.3: an authenticator app came or went. */
const appChanged = (userId: string, changeType: 'create' | 'delete'): Signal => ({
  userId,
  name: 'credential-change',
  reason: changeType === 'create' ? 'An authenticator app was set up' : 'The authenticator app was removed',
  claims: { credential_type: 'app', change_type: changeType },
});

export type AddedTotp =
  /** Codes come with the first second factor; none for whoever has some already. */
  { readonly kind: 'added'; readonly recoveryCodes: readonly string[] } | { readonly kind: 'wrong_code' };

/**
 * The person has shown a code of the seed they were offered: it is their second factor from now on, and they get recovery codes
 * with the first. A wrong code is a value, so that its record is kept. Throws conflict `credentials.totp_exists`.
 */
export async function addTotp(
  tx: Tx,
  secrets: SecondFactorSecrets,
  { userId, seed, code }: { userId: string; seed: Uint8Array; code: string },
): Promise<AddedTotp> {
  const target = { type: 'user', id: userId };
  const step = matchingStep(seed, code, tx.now);
  if (step === undefined) {
    tx.record({ type: 'totp-credentials.refused', outcome: 'refused', reason: 'wrong_code', target });
    return { kind: 'wrong_code' };
  }
  const isFirst = !hasAny(await findSecondFactors(tx, userId));
  await insertTotp(tx, secrets, { userId, seed, step });
  tx.record({ type: 'totp-credentials.created', target });
  const recoveryCodes = isFirst ? await replaceRecoveryCodes(tx, secrets, userId) : [];
  enqueueMail(tx, { kind: 'second_factor_changed', userId, change: 'totp_added' });
  await emitSignals(tx, [appChanged(userId, 'create')]);
  return { kind: 'added', recoveryCodes };
}

/** The person takes their authenticator app away; recovery codes end with the last second factor. */
export async function removeTotp(tx: Tx, userId: string): Promise<void> {
  if (!(await deleteTotp(tx, userId))) return;
  await stopFactorRecoveries(tx, { userIds: [userId], by: 'factors_changed' });
  await endAllDeviceTrust(tx, [userId]);
  if (!hasAny(await findSecondFactors(tx, userId))) await deleteRecoveryCodes(tx, userId);
  tx.record({ type: 'totp-credentials.deleted', target: { type: 'user', id: userId } });
  enqueueMail(tx, { kind: 'second_factor_changed', userId, change: 'totp_removed' });
  await emitSignals(tx, [appChanged(userId, 'delete')]);
}

/** New codes, for a person who has something they stand for; undefined for one who has not. */
export async function reissueRecoveryCodes(
  tx: Tx,
  secrets: SecondFactorSecrets,
  userId: string,
): Promise<readonly string[] | undefined> {
  if (!hasAny(await findSecondFactors(tx, userId))) return undefined;
  const codes = await replaceRecoveryCodes(tx, secrets, userId);
  enqueueMail(tx, { kind: 'second_factor_changed', userId, change: 'recovery_codes_issued' });
  return codes;
}

/**
 * Someone else takes a person's second factors away, so that they can sign in again by password. What is signed in stays.
 * Throws `not_found` and `forbidden('access.exceeds_own_permissions')`.
 */
export async function removeSecondFactors(tx: Tx, id: string): Promise<void> {
  const { id: userId } = await getUser(tx, id);
  await assertMayManageUser(tx, userId);
  await takeSecondFactors(tx, userId);
}

/** Whether there were any. */
export async function takeSecondFactors(
  tx: Tx,
  userId: string,
  change: 'removed_by_administrator' | 'removed_after_waiting' = 'removed_by_administrator',
): Promise<boolean> {
  await stopFactorRecoveries(tx, { userIds: [userId], by: 'factors_changed' });
  const hadTotp = await deleteTotp(tx, userId);
  const passkeys = await deletePasskeys(tx, { userId });
  await deleteRecoveryCodes(tx, userId);
  await endAllDeviceTrust(tx, [userId]);
  if (!hadTotp && passkeys.length === 0) return false;
  tx.record({
    type: 'second-factors.removed',
    target: { type: 'user', id: userId },
    details: { totp: hadTotp, passkeys: passkeys.length },
  });
  enqueueMail(tx, { kind: 'second_factor_changed', userId, change });
  const app = hadTotp ? [appChanged(userId, 'delete')] : [];
  await emitSignals(tx, [...app, ...passkeys.map(() => passkeyChanged(userId, 'delete'))]);
  return true;
}
