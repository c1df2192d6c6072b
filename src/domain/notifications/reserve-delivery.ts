import { keyedHash } from '../../kernel/crypto/derive.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { MailClass } from './mail.ts';

/** Mails to one address within an hour. Asked ones beyond are dropped, notices wait: an attacker's noise delays, it hides nothing. */
export const MAILS_PER_HOUR: Readonly<Record<MailClass, number>> = { asked: 5, notice: 20 };
const HOUR_MS = 3_600_000;
/** As long as the outbox tries, and then some. */
const KEPT_MS = 48 * HOUR_MS;

export type Delivery = {
  readonly messageId: string;
  readonly address: string;
  readonly class: MailClass;
  /** Derived for purpose 'mail recipients'. */
  readonly key: Uint8Array;
};

/** `first`: written now; `again`: an attempt before this one was not accepted; `sent`: handed over already; `over_limit`. */
export type DeliveryState = 'first' | 'again' | 'sent' | 'over_limit';

/** Counts the mail once, however often it is tried. */
export async function reserveDelivery(
  tx: Tx,
  { messageId, address, class: kind, key }: Delivery,
): Promise<DeliveryState> {
  const recipient = keyedHash(key, comparisonKey(address));
  // Two mails to one address at once must not both be the last that is allowed.
  await tx.query('SELECT pg_advisory_xact_lock($1)', [recipient.readBigInt64BE().toString()]);
  const [known] = await tx.query<{ isSent: boolean }>(
    'SELECT sent_at IS NOT NULL AS "isSent" FROM mail_deliveries WHERE message_id = $1',
    [messageId],
  );
  if (known) return known.isSent ? 'sent' : 'again';
  const now = tx.now.getTime();
  const made = await tx.query(
    `WITH made AS (
       INSERT INTO mail_deliveries (message_id, recipient_hash, class, written_at, expires_at)
       SELECT $1, $2, $3, $4, $5 WHERE $6 > (
         SELECT count(*) FROM mail_deliveries WHERE recipient_hash = $2 AND class = $3 AND written_at > $7)
       RETURNING message_id)
     SELECT FROM made`,
    [messageId, recipient, kind, tx.now, new Date(now + KEPT_MS), MAILS_PER_HOUR[kind], new Date(now - HOUR_MS)],
  );
  return made.length === 1 ? 'first' : 'over_limit';
}
