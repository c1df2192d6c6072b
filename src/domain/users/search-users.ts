import { isUuid } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { User } from './user.ts';
import { type StoredUser, USER_COLUMNS, userOf } from './user-rows.ts';

/** Attributes a person can be looked for by, each served by the index that carries its name in the migration. */
export type UserFilters = {
  readonly userName?: string | undefined;
  /** RFC 7643 §3.1: compared exactly; all other text without regard to case. */
  readonly externalId?: string | undefined;
  readonly active?: boolean | undefined;
  readonly displayName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly givenName?: string | undefined;
  readonly email?: string | undefined;
};

/** People that match all filters, by id. */
export async function searchUsers(
  read: Reader,
  { filters, cursor, limit }: PageRequest & { readonly filters: UserFilters },
): Promise<Page<User>> {
  const { sql, parameters } = searchStatement(filters, cursor && decodeCursor(cursor, isUuid), limit);
  const rows = await read.query<StoredUser>(sql, parameters);
  return toPage(rows.map(userOf), limit, (user) => user.id);
}

/** The statement by itself, so that its plan can be looked at. */
export function searchStatement(
  filters: UserFilters,
  after: string | undefined,
  limit: number,
): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const where = (condition: string, value: unknown): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition.replace('?', `$${parameters.length}`));
  };
  const key = (text: string | undefined) => (text === undefined ? undefined : comparisonKey(text));
  where('u.user_name_key = ?', key(filters.userName));
  where('u.external_id = ?', filters.externalId);
  where('u.active = ?', filters.active);
  where('u.display_name_key = ?', key(filters.displayName));
  where('u.family_name_key = ?', key(filters.familyName));
  where('u.given_name_key = ?', key(filters.givenName));
  where('m.value_key = ?', key(filters.email));
  // An address is looked up in its own index, which is ordered by person as well.
  const [from, id] =
    filters.email === undefined ? ['users u', 'u.id'] : ['user_emails m JOIN users u ON u.id = m.user_id', 'm.user_id'];
  where(`${id} > ?`, after);
  const condition = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  parameters.push(limit + 1);
  return {
    sql: `SELECT ${USER_COLUMNS} FROM ${from} ${condition} ORDER BY ${id} LIMIT $${parameters.length}`,
    parameters,
  };
}
