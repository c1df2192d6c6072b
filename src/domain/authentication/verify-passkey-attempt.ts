import type { Actor } from '../../kernel/actor.ts';
import { auditRow } from '../../persistence/audit-rows.ts';
import { stopFactorRecoveries } from '../credentials/factor-recoveries.ts';
import { isChallengeFor, redeemChallenge } from '../credentials/passkey-challenge.ts';
import { readAssertion } from '../credentials/passkey-response.ts';
import { findPasskey, type Passkey, usePasskey, type VerifiedAssertion } from '../credentials/passkeys.ts';
import { verifyAssertion } from '../credentials/verify-passkey.ts';
import { enqueueMail } from '../notifications/mail.ts';
import type { AuthenticationParts } from './check-password.ts';
import type { KeepSignIn } from './keep-sign-in.ts';
import { type DeviceTokens, deviceHashes } from './known-devices.ts';
import { amrOf, passkeyMethods } from './next-factor.ts';
import { recordSignIn, signInSucceeded } from './record-sign-in.ts';
import { findAccountById } from './sign-in-account.ts';
import type { SignInOutcome } from './verify-password-attempt.ts';

export type PasskeyAttempt = {
  /** What the browser answered, as JSON. */
  readonly answer: string;
  /** The interaction it has to have been asked in. */
  readonly interaction: string;
  /** Whose passkey it has to be, where somebody is known by now. */
  readonly expectedUserId?: string | undefined;
  readonly deviceTokens: DeviceTokens;
  readonly keep?: KeepSignIn;
};

export type PasskeyOutcome =
  | Extract<SignInOutcome, { kind: 'signed_in' }>
  /** One answer for all that is wrong. The browser may be told that nobody has this passkey (any more). */
  | { readonly kind: 'refused'; readonly unknownCredentialId?: string };

/**
 * A whole sign-in by itself: the authenticator has verified its person. There is nothing to guess, so nothing is counted; how
 * many refusals get a row in the log is bounded elsewhere (ADR 0020).
 */
export async function verifyPasskeyAttempt(
  parts: AuthenticationParts,
  actor: Actor,
  attempt: PasskeyAttempt,
): Promise<PasskeyOutcome> {
  const outcome = await decide(parts, actor, attempt);
  parts.observe?.(outcome.kind);
  return outcome;
}

async function decide(parts: AuthenticationParts, actor: Actor, attempt: PasskeyAttempt): Promise<PasskeyOutcome> {
  const { read, clock, passkeys: settings } = parts;
  const now = clock.now();
  const sent = settings && readAssertion(attempt.answer);
  if (!sent) return refuse(parts, actor, 'malformed_passkey');
  const scope = { interaction: attempt.interaction };
  if (!isChallengeFor(settings, { challenge: sent.challenge, scope, now }))
    return refuse(parts, actor, 'wrong_challenge');
  const passkey = await findPasskey(read, sent.response.id);
  if (!passkey) {
    await refuse(parts, actor, 'unknown_passkey');
    return { kind: 'refused', unknownCredentialId: sent.response.id };
  }
  const { userId } = passkey;
  if ((attempt.expectedUserId ?? userId) !== userId) return refuse(parts, actor, 'other_person', userId);
  const verdict = await verifyAssertion(settings, passkey, sent);
  if (verdict.kind === 'refused') return refuse(parts, actor, `passkey_${verdict.reason}`, userId);
  const devices = deviceHashes(attempt.deviceTokens);
  const account = await findAccountById(read, { userId, deviceHashes: devices, now });
  if (!account?.active) return refuse(parts, actor, 'inactive', userId);
  if (!(await use(parts, actor, passkey, { ...verdict, challenge: sent.challenge }))) return { kind: 'refused' };
  const amr = amrOf(passkeyMethods(passkey));
  const event = auditRow(signInSucceeded(actor, account.id, amr), actor, now);
  const login = { userId: account.id, amr, authenticatedAt: now };
  const recorded = await recordSignIn(parts, {
    account,
    tokens: attempt.deviceTokens,
    event,
    passkeyId: passkey.id,
    keep: await attempt.keep?.(login),
  });
  if (!recorded) return refuse(parts, actor, 'changed_meanwhile', userId);
  return { kind: 'signed_in', ...login, ...recorded };
}

/** Uses the challenge up, and the counter. A refusal commits too. */
function use(
  { transact }: AuthenticationParts,
  actor: Actor,
  passkey: Passkey,
  { challenge, ...verified }: VerifiedAssertion & { challenge: string },
): Promise<boolean> {
  const { id, userId, name } = passkey;
  const target = { type: 'user', id: userId };
  return transact(actor, async (tx) => {
    const isFirst = await redeemChallenge(tx, challenge);
    const outcome = isFirst ? await usePasskey(tx, { id, ...verified }) : 'used_challenge';
    if (outcome === 'accepted') {
      await stopFactorRecoveries(tx, { userIds: [userId], by: 'factor_used' });
      tx.record({ type: 'factors.verified', target, details: { amr: [...passkeyMethods(passkey)], passkeyId: id } });
      return true;
    }
    const details = { passkeyId: id };
    tx.record({ type: 'sign-ins.refused', outcome: 'refused', reason: `passkey_${outcome}`, target, details });
    // Somebody may have a copy of it: the person should know, and which one it is.
    if (outcome === 'counter_went_back') enqueueMail(tx, { kind: 'passkey_changed', userId, change: 'copied', name });
    return false;
  });
}

async function refuse(
  { transact }: Pick<AuthenticationParts, 'transact'>,
  actor: Actor,
  reason: string,
  userId?: string,
): Promise<{ readonly kind: 'refused' }> {
  const target = userId === undefined ? {} : { target: { type: 'user', id: userId } };
  await transact(actor, async (tx) => tx.record({ type: 'sign-ins.refused', outcome: 'refused', reason, ...target }));
  return { kind: 'refused' };
}
