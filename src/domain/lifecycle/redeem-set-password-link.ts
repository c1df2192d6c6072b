import type { Tx } from '../../persistence/unit-of-work.ts';
import { consumeSetPasswordLink, type LinkOutcome } from '../credentials/one-time-links.ts';
import { replacePassword } from './replace-password.ts';

/**
 * Sets a password by a one-time link and ends the person's sessions and refresh tokens. `hash` is made before, outside the
 * transaction, and only after `findSetPasswordLink` found the link. A refusal is a value: it is recorded and committed.
 */
export async function redeemSetPasswordLink(
  tx: Tx,
  { token, hash }: { token: string; hash: string },
): Promise<LinkOutcome> {
  const link = await consumeSetPasswordLink(tx, token);
  if (link.outcome === 'redeemed') await replacePassword(tx, { userId: link.userId, hash });
  return link;
}
