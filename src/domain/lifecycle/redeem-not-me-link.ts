import type { Tx } from '../../persistence/unit-of-work.ts';
import { consumeLink, type LinkOutcome } from '../credentials/redeem-link.ts';
import { takeBackAccount } from './take-back-account.ts';

/** Whoever has the mailbox says that what a mail told them was not them. A refusal is a value: it is recorded and committed. */
export async function redeemNotMeLink(tx: Tx, token: string): Promise<LinkOutcome> {
  const link = await consumeLink(tx, { token, purpose: 'not_me' });
  if (link.outcome === 'redeemed')
    await takeBackAccount(tx, { userId: link.userId, addressKey: link.addressKey ?? '' });
  return link;
}
