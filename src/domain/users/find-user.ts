import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { User } from './user.ts';
import { type StoredUser, USER_COLUMNS, userOf } from './user-rows.ts';

export async function findUser(read: Reader, id: string): Promise<User | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await read.query<StoredUser>(`SELECT ${USER_COLUMNS} FROM users u WHERE u.id = $1`, [id]);
  return row && userOf(row);
}

/** Throws `not_found`, for a malformed id as well. */
export async function getUser(read: Reader, id: string): Promise<User> {
  const user = await findUser(read, id);
  if (!user) throw userNotFound();
  return user;
}

export const userNotFound = () => notFound('users.not_found', { detail: 'there is no such user' });
