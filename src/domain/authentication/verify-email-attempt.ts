import type { Actor } from '../../kernel/actor.ts';
import { auditRow } from '../../persistence/audit-rows.ts';
import { type EmailProof, type EmailProofUse, useEmailProof } from '../credentials/email-sign-ins.ts';
import type { AuthenticationParts } from './check-password.ts';
import type { KeepSignIn } from './keep-sign-in.ts';
import { type DeviceTokens, deviceHashes } from './known-devices.ts';
import { amrOf } from './next-factor.ts';
import { recordSignIn, signInSucceeded } from './record-sign-in.ts';
import { findAccountById } from './sign-in-account.ts';
import type { SignInOutcome } from './verify-password-attempt.ts';

export type EmailAttempt = {
  /** What was asked for in this sign-in, in this browser. */
  readonly id: string;
  readonly proof: EmailProof;
  readonly deviceTokens: DeviceTokens;
  readonly keep?: KeepSignIn;
};

export type EmailOutcome =
  | Extract<SignInOutcome, { kind: 'signed_in' | 'refused' }>
  /** Nothing is waited for any more: another mail is asked for. */
  | { readonly kind: 'ended' };

/**
 * A mailbox in the place of a password: a first factor, and the whole sign-in of whoever has no authenticator app. It is never a second
 * one: whoever has got at the mailbox has got at both (a new password comes there too).
 */
export async function verifyEmailAttempt(
  parts: AuthenticationParts,
  actor: Actor,
  attempt: EmailAttempt,
): Promise<EmailOutcome> {
  const outcome = await decide(parts, actor, attempt);
  if (outcome.kind !== 'ended') parts.observe?.(outcome.kind);
  return outcome;
}

async function decide(parts: AuthenticationParts, actor: Actor, attempt: EmailAttempt): Promise<EmailOutcome> {
  const { read, clock } = parts;
  const use = await useProof(parts, actor, attempt);
  if (use.kind !== 'accepted') return { kind: use.kind === 'wrong' ? 'refused' : 'ended' };
  const now = clock.now();
  const { userId, addressKey } = use;
  const account = await findAccountById(read, { userId, deviceHashes: deviceHashes(attempt.deviceTokens), now });
  // Set up since the mail was written: whoever has an authenticator app shows it, after their password.
  if (!account?.active || account.hasTotp)
    return refuse(parts, actor, userId, account?.active ? 'more_asked' : 'inactive');
  const amr = amrOf(['otp']);
  const login = { userId: account.id, amr, authenticatedAt: now };
  const recorded = await recordSignIn(parts, {
    account,
    tokens: attempt.deviceTokens,
    event: auditRow(signInSucceeded(actor, account.id, amr), actor, now),
    addressKey,
    keep: await attempt.keep?.(login),
  });
  if (!recorded) return refuse(parts, actor, userId, 'changed_meanwhile');
  return { kind: 'signed_in', ...login, ...recorded };
}

/** A refusal commits too: it was counted, and its reason stands in the log. */
async function useProof(
  { transact, emailSignIn }: AuthenticationParts,
  actor: Actor,
  { id, proof }: EmailAttempt,
): Promise<EmailProofUse> {
  if (!emailSignIn) return { kind: 'ended', userId: undefined };
  return transact(actor, async (tx) => {
    const use = await useEmailProof(tx, emailSignIn, { id, proof });
    const target = use.userId === undefined ? {} : { target: { type: 'user', id: use.userId } };
    if (use.kind === 'accepted')
      tx.record({ type: 'factors.verified', ...target, details: { amr: ['otp'], by: 'email' } });
    else tx.record({ type: 'sign-ins.refused', outcome: 'refused', reason: `email_code_${use.kind}`, ...target });
    return use;
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
