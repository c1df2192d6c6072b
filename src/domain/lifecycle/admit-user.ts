import type { Tx } from '../../persistence/unit-of-work.ts';
import { setPassword } from '../credentials/set-password.ts';
import { createUser } from '../users/create-user.ts';
import type { NewUser, User } from '../users/user.ts';

/** A joiner: the person and, where there is one, their first password. Throws what `createUser` throws. */
export async function admitUser(
  tx: Tx,
  { input, passwordHash }: { input: NewUser; passwordHash?: string | undefined },
): Promise<User> {
  const user = await createUser(tx, input);
  if (passwordHash !== undefined) await setPassword(tx, { userId: user.id, hash: passwordHash });
  return user;
}
