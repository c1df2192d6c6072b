import { findRoleByName, type Role } from '../domain/access/role.ts';
import { findGroupByDisplayName } from '../domain/groups/find-group.ts';
import type { Group } from '../domain/groups/group.ts';
import { findUser } from '../domain/users/find-user.ts';
import { findUserByUserName } from '../domain/users/find-user-by-user-name.ts';
import type { User } from '../domain/users/user.ts';
import type { Reader } from '../persistence/unit-of-work.ts';
import { CommandFailed } from './command.ts';

/** A person by their user name or id. All here throw CommandFailed for what does not exist. */
export async function personNamed(read: Reader, name: string): Promise<User> {
  const found = (await findUserByUserName(read, name)) ?? (await findUser(read, name));
  if (found === undefined) throw new CommandFailed(`There is no user ${name}.`);
  return found;
}

export async function groupNamed(read: Reader, name: string): Promise<Group> {
  const found = await findGroupByDisplayName(read, name);
  if (found === undefined) throw new CommandFailed(`There is no group ${name}.`);
  return found;
}

export async function roleNamed(read: Reader, name: string): Promise<Role> {
  const found = await findRoleByName(read, name);
  if (found === undefined) throw new CommandFailed(`There is no role ${name}.`);
  return found;
}
