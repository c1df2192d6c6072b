import type { Reader } from '../../persistence/unit-of-work.ts';
import type { Columns } from '../directory-filter/columns.ts';
import { type Listing, listIds } from '../directory-filter/list.ts';
import type { User } from './user.ts';
import { userColumns } from './user-columns.ts';
import { type StoredUser, USER_COLUMNS, userOf } from './user-rows.ts';

export type ListedUsers = {
  readonly total: number;
  readonly users: readonly User[];
  readonly nextCursor: string | undefined;
};

/** People that meet a filter, one page of them, and how many there are. `more` has the attributes of people that other rooms keep. */
export async function listUsers(
  read: Reader,
  { at, ...listing }: Listing & { readonly at: Date },
  more: Columns = {},
): Promise<ListedUsers> {
  const listed = { from: 'users u', id: 'u.id', columns: { ...userColumns(at), ...more } };
  const { total, ids, nextCursor } = await listIds(read, listed, listing);
  return { total, users: await findUsers(read, ids), nextCursor };
}

/** In the order of `ids`; who is not there is left out. */
export async function findUsers(read: Reader, ids: readonly string[]): Promise<readonly User[]> {
  if (ids.length === 0) return [];
  const rows = await read.query<StoredUser>(`SELECT ${USER_COLUMNS} FROM users u WHERE u.id = ANY($1::uuid[])`, [ids]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []).map(userOf);
}
