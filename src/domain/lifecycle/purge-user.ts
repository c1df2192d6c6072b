import type { UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { forgetMails } from '../notifications/forget-mails.ts';
import { emitSignals } from '../signals/emit-signals.ts';
import { eraseUser } from '../users/erase-user.ts';

/** Destroys what is kept of a deleted person, and tells receivers that there is nothing left to come back. Throws `not_found`. */
export async function purgeUser(tx: Tx, { id }: { readonly id: UserId }): Promise<void> {
  await eraseUser(tx, { id });
  await forgetMails(tx, { userId: id });
  await emitSignals(tx, [{ userId: id, name: 'account-purged' }]);
}
