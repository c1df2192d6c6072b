import type pg from 'pg';
import { type MailKeys, type PreparedMail, prepareMail, recordRefusal } from '../domain/lifecycle/prepare-mail.ts';
import type { Mail, WaitingMail } from '../domain/notifications/mail.ts';
import { MailRefused, type SendMail, type WrittenMail } from '../domain/notifications/written-mail.ts';
import { systemActor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { DeliveryMoot } from '../persistence/outbox-delivery.ts';
import type { Transact } from '../persistence/unit-of-work.ts';
import type { OutboxHandler } from './dispatch-outbox.ts';

/** What became of one attempt. */
export type MailResult = 'sent' | 'skipped' | 'refused' | 'failed' | 'no_mail_server';

export type DeliverEmailParts = {
  readonly transact: Transact;
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly clock: Clock;
  readonly keys: MailKeys;
  /** Puts a mail into words. */
  readonly write: (mail: PreparedMail) => Promise<Omit<WrittenMail, 'id' | 'to'>>;
  /** Undefined where nobody can be written to: production without a mail server. */
  readonly send: SendMail | undefined;
  readonly observe: (kind: Mail['kind'], result: MailResult) => void;
};

const actor = systemActor('deliver-email');

/**
 * Sends what is due: prepared as things are now, at most so many per recipient and hour, tried again by the dispatcher until
 * the mail server takes it. What the mail server refuses for good is recorded and not tried again.
 */
export function createEmailHandler(parts: DeliverEmailParts): OutboxHandler {
  return async ({ id, payload, createdAt }, signal) => {
    // Written by enqueueMail alone.
    const mail = payload as WaitingMail;
    try {
      parts.observe(mail.kind, await deliver(parts, { id, mail, createdAt }, signal));
    } catch (error) {
      parts.observe(mail.kind, error instanceof DeliveryMoot ? 'refused' : 'failed');
      throw error;
    }
  };
}

async function deliver(
  { transact, pool, clock, keys, write, send }: DeliverEmailParts,
  message: { readonly id: string; readonly mail: WaitingMail; readonly createdAt: Date },
  signal: AbortSignal,
): Promise<MailResult> {
  if (!send) return 'no_mail_server';
  const preparation = await transact(actor, (tx) => prepareMail(tx, keys, message));
  if (preparation.kind === 'moot') return skip(preparation.reason);
  const prepared = preparation.mail;
  try {
    await send({ id: message.id, to: prepared.to, ...(await write(prepared)) }, signal);
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    await transact(actor, async (tx) => recordRefusal(tx, message, `smtp_${error.replyCode}`));
    throw new DeliveryMoot(error.message);
  }
  await pool.query('UPDATE mail_deliveries SET sent_at = $2 WHERE message_id = $1', [message.id, clock.now()]);
  return 'sent';
}

/** What an administrator may want to know of stands on the message; that nobody has a name does not. */
function skip(reason: string): MailResult {
  if (reason === 'late' || reason === 'over_limit') throw new DeliveryMoot(reason);
  return 'skipped';
}
