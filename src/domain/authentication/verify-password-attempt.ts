import type { Actor } from '../../kernel/actor.ts';
import type { UserId } from '../../kernel/ids.ts';
import { auditRow } from '../../persistence/audit-rows.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { upgradePasswordHash } from '../credentials/password-credential.ts';
import {
  type AuthenticationParts,
  checkPassword,
  type PasswordAttempt,
  type PasswordCheck,
  unknownNameHash,
} from './check-password.ts';
import { type FirstFactor, firstFactorOf } from './first-factor.ts';
import type { DeviceTokens } from './known-devices.ts';
import { type Amr, nextFactor } from './next-factor.ts';
import { recordSignIn, signInSucceeded } from './record-sign-in.ts';
import type { SignInAccount } from './sign-in-account.ts';
import { travelsImpossibly } from './travel.ts';
import { isTrustedDevice } from './trusted-devices.ts';

/**
 * The authentication room owns one login attempt: who is meant, what is asked, how guessing is slowed, what is recorded.
 * It does not own passwords (credentials), people (users), or the session that follows (the provider's, in sessions).
 */
export type SignInOutcome =
  | {
      readonly kind: 'signed_in';
      readonly userId: UserId;
      /** RFC 8176 */
      readonly amr: readonly Amr[];
      readonly authenticatedAt: Date;
      /** What the device cookie of this browser is to hold from now on. */
      readonly deviceTokens: DeviceTokens;
      /** What waited for it goes on with it. */
      readonly isKept: boolean;
    }
  /** The password was right and is not enough: nobody is signed in yet. */
  | { readonly kind: 'next_factor'; readonly first: FirstFactor }
  /** One answer for an unknown name, a wrong password, no password and an inactive person. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'throttled' | 'busy'; readonly retryAfterSeconds: number };

/** A refusal is a value, and it commits too: it was counted, and its real reason stands in the log under the request id. */
export async function verifyPasswordAttempt(
  parts: AuthenticationParts,
  actor: Actor,
  attempt: PasswordAttempt,
): Promise<SignInOutcome> {
  const outcome = await decide(parts, actor, attempt);
  if (outcome.kind !== 'next_factor') parts.observe?.(outcome.kind);
  return outcome;
}

async function decide(parts: AuthenticationParts, actor: Actor, attempt: PasswordAttempt): Promise<SignInOutcome> {
  const check = await checkPassword(parts, attempt);
  if (check.kind !== 'right') {
    await parts.transact(actor, async (tx) => recordRefusal(tx, parts, attempt, check));
    return check.kind === 'wrong'
      ? { kind: 'refused' }
      : { kind: check.kind, retryAfterSeconds: check.retryAfterSeconds };
  }
  const { account, reservation } = check;
  const isTrusted = account.hasTotp && !attempt.wantsTwoFactors && (await isTrustedDevice(parts, account));
  if (nextFactor({ verified: ['pwd'], hasTotp: account.hasTotp && !isTrusted }) !== undefined)
    return askForNext(parts, actor, attempt, check);
  const now = parts.clock.now();
  const isFar =
    !account.knownDevice &&
    (await travelsImpossibly(parts, { userId: account.id, ipAddress: actor.ipAddress, at: now }));
  const event = auditRow(signInSucceeded(actor, account.id, ['pwd'], { isTrusted, isFar }), actor, now);
  // Where it may be somebody else the attempt stays counted: the next ones from there wait, and this one does not.
  const own = isFar ? [] : reservation.keys.filter((key) => !reservation.sharedKeys.includes(key));
  const login = { userId: account.id, amr: ['pwd'], authenticatedAt: now } as const;
  const recorded = await recordSignIn(parts, {
    account,
    tokens: attempt.deviceTokens,
    event,
    reservation: own,
    keep: await attempt.keep?.(login),
  });
  if (!recorded) {
    const changed = { kind: 'wrong', account, reason: 'changed_meanwhile' } as const;
    await parts.transact(actor, async (tx) => recordRefusal(tx, parts, attempt, changed));
    return { kind: 'refused' };
  }
  parts.throttle.refundSoon(reservation.sharedKeys);
  if (check.needsUpgrade) await upgradeHash(parts, actor, account, attempt.password);
  return { kind: 'signed_in', ...login, ...recorded };
}

/** What is written says that the first factor was right; a device is known only after the last. */
async function askForNext(
  parts: AuthenticationParts,
  actor: Actor,
  { password }: PasswordAttempt,
  { account, reservation, needsUpgrade }: Extract<PasswordCheck, { kind: 'right' }>,
): Promise<SignInOutcome> {
  const verifiedAt = parts.clock.now();
  const target = { type: 'user', id: account.id };
  await parts.transact(actor, async (tx) => tx.record({ type: 'factors.verified', target, details: { amr: ['pwd'] } }));
  await parts.throttle.refund(reservation.keys);
  if (needsUpgrade) await upgradeHash(parts, actor, account, password);
  return { kind: 'next_factor', first: firstFactorOf(account, verifiedAt) };
}

async function upgradeHash(
  { hashing, transact }: AuthenticationParts,
  actor: Actor,
  { id: userId, passwordHash: verifiedHash }: SignInAccount,
  password: string,
): Promise<void> {
  // A full queue must not turn a right password away: the hash is upgraded another time.
  const hash = await hashing.hashPassword(password).catch(() => undefined);
  if (!hash || !verifiedHash) return;
  try {
    await transact(actor, async (tx) => {
      // Rolled back rather than committed empty: whoever waited for the row of a sign-in beside this one has locked it.
      if (!(await upgradePasswordHash(tx, { userId, verifiedHash, hash }))) throw new UpgradedMeanwhile();
    });
  } catch (error) {
    if (!(error instanceof UpgradedMeanwhile)) throw error;
  }
}

class UpgradedMeanwhile extends Error {}

function recordRefusal(
  tx: Tx,
  { throttleKey }: AuthenticationParts,
  { userName }: PasswordAttempt,
  check: Exclude<PasswordCheck, { kind: 'right' }>,
): void {
  const account = 'account' in check ? check.account : undefined;
  tx.record({
    type: 'sign-ins.refused',
    outcome: 'refused',
    reason: check.kind === 'wrong' ? check.reason : check.kind,
    ...(account
      ? { target: { type: 'user', id: account.id } }
      : { details: { userNameHash: unknownNameHash(throttleKey, userName) } }),
  });
}
