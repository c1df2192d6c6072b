import { systemActor } from '../../kernel/actor.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import { findUsersToErase } from '../users/erase-user.ts';
import { purgeUser } from './purge-user.ts';

const BATCH = 100;

/** A transaction for each person, so that one that fails keeps nobody else waiting. Answers whether there may be more. */
export async function eraseDeletedUsers(
  { read, transact }: { readonly read: Reader; readonly transact: Transact },
  deletedUntil: Date,
): Promise<boolean> {
  const ids = await findUsersToErase(read, { deletedUntil, limit: BATCH });
  for (const id of ids) {
    await transact(systemActor('erase-deleted-users'), (tx) => purgeUser(tx, { id })).catch((error: unknown) => {
      // Another process, or an administrator, was faster.
      if (!(error instanceof DomainError && error.kind === 'not_found')) throw error;
    });
  }
  return ids.length === BATCH;
}
