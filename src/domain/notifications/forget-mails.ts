import type { Tx } from '../../persistence/unit-of-work.ts';
import { MAIL_DUE } from './mail.ts';

/** Mails about a person who is erased, sent or not: they repeat addresses. */
export async function forgetMails(tx: Tx, { userId }: { readonly userId: string }): Promise<void> {
  await tx.query(`DELETE FROM outbox_messages WHERE type = $1 AND payload ->> 'userId' = $2`, [MAIL_DUE, userId]);
}
