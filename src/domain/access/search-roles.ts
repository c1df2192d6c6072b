import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { ROLE_COLUMNS, type Role } from './role.ts';

/** Roles by id, oldest first; `name` is compared exactly. */
export async function searchRoles(
  read: Reader,
  { name, cursor, limit }: PageRequest & { readonly name?: string | undefined },
): Promise<Page<Role>> {
  const after = cursor === undefined ? null : decodeCursor(cursor, isUuid);
  const rows = await read.query<Role>(
    `SELECT ${ROLE_COLUMNS} FROM roles
     WHERE ($1::uuid IS NULL OR roles.id > $1) AND ($2::text IS NULL OR roles.name = $2)
     ORDER BY roles.id LIMIT $3`,
    [after, name ?? null, limit + 1],
  );
  return toPage(rows, limit, (role) => role.id);
}
