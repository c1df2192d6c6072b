import { precondition } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { getUser } from './find-user.ts';
import type { User } from './user.ts';

/** Removes the person's row and all that hangs on it. The lifecycle room ends their access in the same transaction. */
export async function deleteUser(
  tx: Tx,
  { id, expectedVersion }: { id: string; expectedVersion?: number | undefined },
): Promise<User> {
  const user = await getUser(tx, id);
  const rows = await tx.query<{ id: string }>(
    'WITH gone AS (DELETE FROM users WHERE id = $1 AND ($2::integer IS NULL OR version = $2) RETURNING id) SELECT id FROM gone',
    [id, expectedVersion ?? null],
  );
  if (rows.length === 0)
    throw precondition('request.version_mismatch', { detail: 'the user was changed meanwhile; read it again' });
  tx.record({ type: 'users.deleted', target: { type: 'user', id }, details: { userName: user.userName } });
  tx.announce({ topic: 'users', key: id });
  tx.announce({ topic: 'access', key: `user:${id}` });
  return user;
}
