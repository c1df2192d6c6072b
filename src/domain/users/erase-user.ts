import type { UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { deletedUserNotFound } from './deleted-user.ts';

/**
 * Destroys what is kept of a deleted person: attributes, name, and what audit events say of them. That somebody with this id was
 * there, and what was done by and to them, stays. Throws `not_found` for whoever is not deleted, or erased already.
 */
export async function eraseUser(tx: Tx, { id }: { readonly id: UserId }): Promise<void> {
  const rows = await tx.query<{ id: string }>(
    `WITH gone AS (
       UPDATE deleted_users SET user_name = NULL, user_name_key = NULL, snapshot = NULL, erased_at = $2
       WHERE id = $1 AND erased_at IS NULL RETURNING id)
     SELECT id FROM gone`,
    [id, tx.now],
  );
  if (rows.length === 0) throw deletedUserNotFound();
  await tx.query('DELETE FROM audit_personal_details WHERE user_id = $1', [id]);
  tx.record({ type: 'users.erased', target: { type: 'user', id } });
}

/** Those whose time is over, the longest first. */
export async function findUsersToErase(
  read: Pick<Tx, 'query'>,
  { deletedUntil, limit }: { readonly deletedUntil: Date; readonly limit: number },
): Promise<readonly UserId[]> {
  const rows = await read.query<{ id: UserId }>(
    'SELECT id FROM deleted_users WHERE erased_at IS NULL AND deleted_at <= $1 ORDER BY deleted_at, id LIMIT $2',
    [deletedUntil, limit],
  );
  return rows.map(({ id }) => id);
}
