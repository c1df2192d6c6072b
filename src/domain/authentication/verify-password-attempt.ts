import type { Actor } from '../../kernel/actor.ts';
import type { UserId } from '../../kernel/ids.ts';
import { type AuditEvent, auditRow } from '../../persistence/audit-rows.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { upgradePasswordHash } from '../credentials/password-credential.ts';
import {
  type AuthenticationParts,
  checkPassword,
  type PasswordAttempt,
  type PasswordCheck,
  unknownNameHash,
} from './check-password.ts';
import type { DeviceTokens } from './known-devices.ts';
import { recordSignIn } from './record-sign-in.ts';
import type { SignInAccount } from './sign-in-account.ts';

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
  const now = parts.clock.now();
  const event = auditRow(succeeded(actor, account.id), actor, now);
  const deviceTokens = await recordSignIn(parts, { account, tokens: attempt.deviceTokens, event });
  if (!deviceTokens) {
    const changed = { kind: 'wrong', account, reason: 'changed_meanwhile' } as const;
    await parts.transact(actor, async (tx) => recordRefusal(tx, parts, attempt, changed));
    return { kind: 'refused' };
  }
  await parts.throttle.refund(reservation);
  if (check.needsUpgrade) await upgradeHash(parts, actor, account, attempt.password);
  return { kind: 'signed_in', userId: account.id, amr: ['pwd'], authenticatedAt: now, deviceTokens };
}

async function upgradeHash(
  { hashing, transact }: AuthenticationParts,
  actor: Actor,
  { id: userId, passwordHash: verifiedHash }: SignInAccount,
  password: string,
): Promise<void> {
  // A full queue must not turn a right password away: the hash is upgraded another time.
  const hash = await hashing.hashPassword(password).catch(() => undefined);
  if (hash && verifiedHash) await transact(actor, (tx) => upgradePasswordHash(tx, { userId, verifiedHash, hash }));
}

const succeeded = (visitor: Actor, userId: UserId): AuditEvent => ({
  type: 'sign-ins.succeeded',
  actor: { ...visitor, type: 'user', id: userId },
  target: { type: 'user', id: userId },
  details: { amr: ['pwd'] },
});

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
