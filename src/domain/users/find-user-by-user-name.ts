import { comparisonKey } from '../../kernel/text.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { User } from './user.ts';
import { type StoredUser, USER_COLUMNS, userOf } from './user-rows.ts';

/** RFC 7643 §4.1.1: `userName` is compared without regard to case. */
export async function findUserByUserName(read: Reader, userName: string): Promise<User | undefined> {
  const [row] = await read.query<StoredUser>(`SELECT ${USER_COLUMNS} FROM users u WHERE u.user_name_key = $1`, [
    comparisonKey(userName),
  ]);
  return row && userOf(row);
}
