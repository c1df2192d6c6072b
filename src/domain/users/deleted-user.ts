import { conflict, notFound } from '../../kernel/errors.ts';
import { isUuid, type UserId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';

/** Someone who was deleted and can still be restored. */
export type DeletedUser = {
  readonly id: UserId;
  readonly userName: string;
  readonly deletedAt: Date;
  /** What they belonged to and held; a restoration does not give it back. */
  readonly groups: readonly string[];
  readonly roles: readonly string[];
};

const COLUMNS = `id, user_name AS "userName", deleted_at AS "deletedAt", snapshot -> 'groups' AS groups, snapshot -> 'roles' AS roles`;

/** Those deleted after `since`, by id; whoever was deleted earlier only waits to be erased. */
export async function searchDeletedUsers(
  read: Reader,
  { since, cursor, limit }: PageRequest & { readonly since: Date },
): Promise<Page<DeletedUser>> {
  const after = cursor === undefined ? null : decodeCursor(cursor, isUuid);
  const rows = await read.query<DeletedUser>(
    `SELECT ${COLUMNS} FROM deleted_users
     WHERE erased_at IS NULL AND deleted_at > $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
    [since, after, limit + 1],
  );
  return toPage(rows, limit, ({ id }) => id);
}

/** By id or userName. Throws `not_found`, also for whoever was deleted before `since`. */
export async function getDeletedUser(
  read: Reader,
  { name, since }: { readonly name: string; readonly since: Date },
): Promise<DeletedUser> {
  const [row] = await read.query<DeletedUser>(
    `SELECT ${COLUMNS} FROM deleted_users
     WHERE (id = $1::uuid OR user_name_key = $2) AND erased_at IS NULL AND deleted_at > $3`,
    [isUuid(name) ? name : null, comparisonKey(name), since],
  );
  if (row === undefined) throw deletedUserNotFound();
  return row;
}

export const deletedUserNotFound = () =>
  notFound('deleted_users.not_found', { detail: 'there is no such deleted user, or they can no longer be restored' });

/**
 * A userName stays with a deleted person until they are erased: nobody else can step into what others know by it. Asked after
 * the name was written: of a deletion and a creation at once, the one that comes second sees the first.
 */
export async function assertUserNameFree(tx: Tx, userName: string): Promise<void> {
  if ((await reservedUserNames(tx.whole, [userName])).size > 0) throw userNameReserved();
}

/** Which of these names are kept for deleted people, in the form in which names are compared. */
export async function reservedUserNames(read: Reader, userNames: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await read.query<{ key: string }>(
    'SELECT user_name_key AS key FROM deleted_users WHERE user_name_key = ANY ($1::text[])',
    [userNames.map(comparisonKey)],
  );
  return new Set(rows.map(({ key }) => key));
}

export function userNameReserved() {
  const detail = 'a deleted user has this userName; restore or erase them first';
  return conflict('users.user_name_reserved', { detail, faults: [{ pointer: '/userName', code: 'reserved', detail }] });
}
