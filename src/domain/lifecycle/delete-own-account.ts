import type { Tx } from '../../persistence/unit-of-work.ts';
import { enqueueMail } from '../notifications/mail.ts';
import type { User } from '../users/user.ts';
import { removeUser } from './remove-user.ts';

/**
 * Somebody deletes their own account: what `removeUser` does, and a mail to every address they had proved, because whoever did it
 * may not have been them. Throws what `removeUser` throws: `conflict('access.last_administrator')` above all.
 */
export async function deleteOwnAccount(tx: Tx, user: User): Promise<void> {
  const { id: userId, userName, preferredLanguage: language = user.locale, homeOrganizationId: organizationId } = user;
  await removeUser(tx, { userId });
  for (const { value: address, verified } of user.emails)
    if (verified) enqueueMail(tx, { kind: 'account_deleted', userId, address, userName, language, organizationId });
}
