import type { Tx } from '../../persistence/unit-of-work.ts';
import { consumeLink, type LinkOutcome } from '../credentials/redeem-link.ts';
import { verifyEmail } from '../users/verify-email.ts';
import { followRulesOnProof } from './follow-rules.ts';
import { replacePassword } from './replace-password.ts';

/**
 * Sets a password by a one-time link and ends the person's sessions and refresh tokens; a link that was mailed proves its address. `hash` is made before, outside the
 * transaction, and only after `findLink` found the link. A refusal is a value: it is recorded and committed.
 */
export async function redeemSetPasswordLink(
  tx: Tx,
  { token, hash }: { token: string; hash: string },
): Promise<LinkOutcome> {
  const link = await consumeLink(tx, { token, purpose: 'set_password' });
  if (link.outcome !== 'redeemed') return link;
  const { userId, addressKey } = link;
  await replacePassword(tx, { userId, hash, by: 'link' });
  if (addressKey !== null && (await verifyEmail(tx, { userId, addressKey }))) await followRulesOnProof(tx, userId);
  return link;
}
