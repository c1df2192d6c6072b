import type { Actor } from '../../kernel/actor.ts';
import type { UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { upgradePasswordHash } from '../credentials/password-credential.ts';
import {
  type AuthenticationParts,
  checkPassword,
  type PasswordAttempt,
  type PasswordCheck,
  unknownNameHash,
} from './check-password.ts';
import { type DeviceTokens, rememberDevice } from './known-devices.ts';
import { isUnchanged } from './sign-in-account.ts';

/**
 * The authentication room owns one login attempt: who is meant, what is asked, how guessing is slowed, what is recorded.
 * It does not own passwords (credentials), people (users), or the session that follows (the provider's, in sessions).
 */
export type SignInOutcome =
  | {
      readonly kind: 'signed_in';
      readonly userId: UserId;
      /** RFC 8176 */
      readonly amr: readonly ['pwd'];
      readonly authenticatedAt: Date;
      /** What the device cookie of this browser is to hold from now on. */
      readonly deviceTokens: DeviceTokens;
    }
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
  parts.observe?.(outcome.kind);
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
  const hash = check.needsUpgrade ? await upgraded(parts, attempt.password) : undefined;
  const outcome = await parts.transact<SignInOutcome>(actor, async (tx) => {
    if (!(await isUnchanged(tx, account))) {
      recordRefusal(tx, parts, attempt, { kind: 'wrong', account, reason: 'changed_meanwhile' });
      return { kind: 'refused' };
    }
    const { passwordHash: verifiedHash } = account;
    if (hash && verifiedHash) await upgradePasswordHash(tx, { userId: account.id, verifiedHash, hash });
    const { deviceTokens: tokens } = attempt;
    const deviceTokens = await rememberDevice(tx, { userId: account.id, tokens, known: account.knownDevice });
    recordSuccess(tx, account.id);
    return { kind: 'signed_in', userId: account.id, amr: ['pwd'], authenticatedAt: tx.now, deviceTokens };
  });
  if (outcome.kind === 'signed_in') await parts.throttle.refund(reservation);
  return outcome;
}

// A full queue must not turn a right password away: the hash is upgraded another time.
function upgraded({ hashing }: AuthenticationParts, password: string): Promise<string | undefined> {
  return hashing.hashPassword(password).catch(() => undefined);
}

function recordSuccess(tx: Tx, userId: UserId): void {
  tx.record({
    type: 'sign-ins.succeeded',
    actor: { ...tx.actor, type: 'user', id: userId },
    target: { type: 'user', id: userId },
    details: { amr: ['pwd'] },
  });
}

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
