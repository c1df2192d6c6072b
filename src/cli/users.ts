import { getUser } from '../domain/users/find-user.ts';
import { findUserByUserName } from '../domain/users/find-user-by-user-name.ts';
import type { User } from '../domain/users/user.ts';
import { isUuid } from '../kernel/ids.ts';
import type { Reader } from '../persistence/unit-of-work.ts';
import { CommandFailed } from './command.ts';

/** A person by their user name or id. */
export async function personNamed(read: Reader, name: string): Promise<User> {
  const found = (await findUserByUserName(read, name)) ?? (isUuid(name) ? await getUser(read, name) : undefined);
  if (found === undefined) throw new CommandFailed(`There is no user ${name}.`);
  return found;
}
