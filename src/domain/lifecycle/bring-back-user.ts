import type { UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { restoreUser } from '../users/restore-user.ts';
import type { User } from '../users/user.ts';
import { followRules } from './follow-rules.ts';

/** A deleted person again, in the groups their attributes put them into and no other. Throws what `restoreUser` and `followRules` throw. */
export async function bringBackUser(tx: Tx, input: { readonly id: UserId; readonly since: Date }): Promise<User> {
  const user = await restoreUser(tx, input);
  await followRules(tx, user.id);
  return user;
}
