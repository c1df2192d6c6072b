import type { Actor } from '../../kernel/actor.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { AuthenticationParts } from '../authentication/check-password.ts';
import { consumeLink, type LinkOutcome } from '../credentials/redeem-link.ts';
import { enqueueMail } from '../notifications/mail.ts';
import type { User } from '../users/user.ts';
import { verifyEmail } from '../users/verify-email.ts';
import { followRulesOnProof } from './follow-rules.ts';

export type VerificationRequest =
  | { readonly kind: 'taken' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

/** Someone signed in wants to prove an address of theirs. */
export async function requestEmailVerification(
  { transact, throttle }: Pick<AuthenticationParts, 'transact' | 'throttle'>,
  actor: Actor,
  { user, address }: { user: User; address: string },
): Promise<VerificationRequest> {
  const reservation = await throttle.reserve([{ scope: 'emailVerification', value: user.id }]);
  if (reservation.kind === 'throttled') return reservation;
  await transact(actor, async (tx) => {
    tx.record({ type: 'email-verifications.requested', target: { type: 'user', id: user.id } });
    enqueueMail(tx, { kind: 'verify_email', userId: user.id, addressKey: comparisonKey(address) });
  });
  return { kind: 'taken' };
}

/** Whoever opens the link proves the address it went to, as long as it is still an address of that person. */
export async function redeemVerifyEmailLink(tx: Tx, token: string): Promise<LinkOutcome> {
  const link = await consumeLink(tx, { token, purpose: 'verify_email' });
  if (link.outcome === 'refused') return link;
  const { userId, addressKey } = link;
  if (addressKey !== null && (await verifyEmail(tx, { userId, addressKey }))) {
    await followRulesOnProof(tx, userId);
    return link;
  }
  tx.record({
    type: 'verify-email-links.refused',
    outcome: 'refused',
    reason: 'credentials.link_address_gone',
    target: { type: 'user', id: userId },
  });
  return { outcome: 'refused', reason: 'address_gone' };
}
