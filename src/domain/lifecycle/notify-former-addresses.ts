import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { enqueueMail } from '../notifications/mail.ts';
import type { User } from '../users/user.ts';

/** Whoever loses an address is told at that address: a thief of the account would change it first. */
export function notifyFormerAddresses(tx: Tx, before: User, after: User): void {
  const kept = new Set(after.emails.map(({ value }) => comparisonKey(value)));
  for (const { value, verified } of before.emails) {
    if (verified && !kept.has(comparisonKey(value)))
      enqueueMail(tx, { kind: 'email_changed', userId: after.id, formerAddress: value });
  }
}
