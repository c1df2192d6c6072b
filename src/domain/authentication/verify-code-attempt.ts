import type { Actor } from '../../kernel/actor.ts';
import { auditRow } from '../../persistence/audit-rows.ts';
import { stopFactorRecoveries } from '../credentials/factor-recoveries.ts';
import { useRecoveryCode } from '../credentials/recovery-codes.ts';
import { findSecondFactors, hasAny } from '../credentials/second-factors.ts';
import { type CodeUse, useTotpCode } from '../credentials/totp-credential.ts';
import { enqueueMail } from '../notifications/mail.ts';
import type { AuthenticationParts } from './check-password.ts';
import { type FirstFactor, holds } from './first-factor.ts';
import type { KeepSignIn } from './keep-sign-in.ts';
import { type DeviceTokens, deviceHashes } from './known-devices.ts';
import { amrOf } from './next-factor.ts';
import { recordSignIn, signInSucceeded } from './record-sign-in.ts';
import { findAccountById, type SignInAccount } from './sign-in-account.ts';
import type { ThrottleKey } from './throttle.ts';
import type { SignInOutcome } from './verify-password-attempt.ts';

export type CodeAttempt = {
  /** What was verified before: a password in this sign-in, or the session that asks for more. */
  readonly first: FirstFactor | { readonly signedInAs: string; readonly signedInAt: Date };
  readonly kind: 'totp' | 'recovery_code';
  readonly code: string;
  readonly deviceTokens: DeviceTokens;
  readonly keep?: KeepSignIn;
};

export type CodeOutcome =
  | Extract<SignInOutcome, { kind: 'signed_in' | 'refused' }>
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  /** The first factor is no longer good: the sign-in begins anew. */
  | { readonly kind: 'ended' };

/**
 * The second factor of a sign-in. Counted before it is looked at, by person, whatever session or interaction it comes in
 * (SECURITY-LESSONS 22); used up before anything is signed in.
 */
export async function verifyCodeAttempt(
  parts: AuthenticationParts,
  actor: Actor,
  attempt: CodeAttempt,
): Promise<CodeOutcome> {
  const outcome = await decide(parts, actor, attempt);
  if (outcome.kind !== 'ended') parts.observe?.(outcome.kind);
  return outcome;
}

async function decide(parts: AuthenticationParts, actor: Actor, attempt: CodeAttempt): Promise<CodeOutcome> {
  const { first, deviceTokens } = attempt;
  const now = parts.clock.now();
  const userId = 'signedInAs' in first ? first.signedInAs : first.userId;
  const devices = deviceHashes(deviceTokens);
  const account = await findAccountById(parts.read, { userId, deviceHashes: devices, now });
  const isGood = 'signedInAs' in first ? account?.active === true : holds(first, account, now);
  if (!account || !isGood || !(await standsForSome(parts, attempt.kind, account)))
    return refuse(parts, actor, userId, 'first_factor_ended');
  const reservation = await parts.throttle.reserve([throttleKey(account)]);
  if (reservation.kind === 'throttled') {
    await refuse(parts, actor, userId, 'throttled');
    return reservation;
  }
  if ((await useCode(parts, actor, attempt, account)) !== 'accepted') return { kind: 'refused' };
  const authenticatedAt = 'signedInAs' in first ? first.signedInAt : now;
  const amr = amrOf(['pwd', 'otp']);
  const event = auditRow(signInSucceeded(actor, account.id, amr), actor, now);
  const login = { userId: account.id, amr, authenticatedAt };
  const recorded = await recordSignIn(parts, {
    account,
    tokens: deviceTokens,
    event,
    reservation: reservation.keys,
    keep: await attempt.keep?.(login),
  });
  if (!recorded) return refuse(parts, actor, userId, 'changed_meanwhile');
  return { kind: 'signed_in', ...login, ...recorded };
}

/** A code of an app is of the app; a recovery code stands in for a passkey too. */
const standsForSome = async (
  { read }: AuthenticationParts,
  kind: CodeAttempt['kind'],
  { id, hasTotp }: SignInAccount,
) => hasTotp || (kind === 'recovery_code' && hasAny(await findSecondFactors(read, id)));

const throttleKey = ({ id, knownDevice }: SignInAccount): ThrottleKey =>
  knownDevice
    ? { scope: 'secondFactorKnownDevice', value: `${id}\n${knownDevice.toString('base64url')}` }
    : { scope: 'secondFactor', value: id };

/** A refusal commits too: it was counted, and its reason stands in the log. */
function useCode(
  { transact, secondFactors }: AuthenticationParts,
  actor: Actor,
  { kind, code }: CodeAttempt,
  { id: userId }: SignInAccount,
): Promise<CodeUse> {
  const use = kind === 'totp' ? useTotpCode : useRecoveryCode;
  return transact(actor, async (tx) => {
    const outcome = await use(tx, secondFactors, { userId, code });
    const target = { type: 'user', id: userId };
    // Whoever has it has not lost it.
    if (outcome === 'accepted') await stopFactorRecoveries(tx, { userIds: [userId], by: 'factor_used' });
    if (outcome !== 'accepted') tx.record({ type: 'sign-ins.refused', outcome: 'refused', reason: outcome, target });
    else if (kind === 'totp') tx.record({ type: 'factors.verified', target, details: { amr: ['otp'] } });
    else {
      tx.record({ type: 'recovery-codes.used', target });
      enqueueMail(tx, { kind: 'second_factor_changed', userId, change: 'recovery_code_used' });
    }
    return outcome;
  });
}

async function refuse(
  { transact }: AuthenticationParts,
  actor: Actor,
  userId: string,
  reason: string,
): Promise<{ readonly kind: 'ended' }> {
  await transact(actor, async (tx) => {
    tx.record({ type: 'sign-ins.refused', outcome: 'refused', reason, target: { type: 'user', id: userId } });
  });
  return { kind: 'ended' };
}
