import { assertVersion } from '../../kernel/assert-version.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { getUser } from './find-user.ts';
import type { User } from './user.ts';

/** The person, unchanged by others until this transaction ends. Throws `not_found`, and `precondition` for another version. */
export async function lockUser(tx: Tx, id: string, expectedVersion: number | undefined): Promise<User> {
  const seen = await getUser(tx, id);
  await tx.query('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [seen.id]);
  const user = await getUser(tx, id);
  assertVersion('user', user.version, expectedVersion);
  return user;
}
