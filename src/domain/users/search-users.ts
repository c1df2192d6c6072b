import { isUuid } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { searchedAttributes } from './custom-attributes.ts';
import { personInForce, personMayBeOut, personStatus, type UserStatus } from './standing.ts';
import type { User } from './user.ts';
import { type StoredUser, USER_COLUMNS, userOf } from './user-rows.ts';

/** Attributes a person can be looked for by, each served by the index that carries its name in the migration. */
export type UserFilters = {
  readonly userName?: string | undefined;
  /** RFC 7643 §3.1: compared exactly; all other text without regard to case. */
  readonly externalId?: string | undefined;
  /** At the moment of the search, as `status`. */
  readonly active?: boolean | undefined;
  readonly status?: UserStatus | undefined;
  readonly displayName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly givenName?: string | undefined;
  readonly email?: string | undefined;
  readonly title?: string | undefined;
  readonly userType?: string | undefined;
  readonly employeeNumber?: string | undefined;
  readonly costCenter?: string | undefined;
  readonly organization?: string | undefined;
  readonly division?: string | undefined;
  readonly department?: string | undefined;
  /** The id of the person they report to. */
  readonly manager?: string | undefined;
  /** Operator-defined attributes by name. */
  readonly custom?: Readonly<Record<string, string>> | undefined;
};

/** People that match all filters, by id. */
export async function searchUsers(
  read: Reader,
  { filters, at, cursor, limit }: PageRequest & { readonly filters: UserFilters; readonly at: Date },
): Promise<Page<User>> {
  if (filters.manager !== undefined && !isUuid(filters.manager)) return { items: [], nextCursor: undefined };
  const keys = await searchedAttributes(read, filters.custom ?? {});
  const { sql, parameters } = searchStatement({
    filters,
    keys,
    at,
    limit,
    after: cursor && decodeCursor(cursor, isUuid),
  });
  const rows = await read.query<StoredUser>(sql, parameters);
  return toPage(rows.map(userOf), limit, (user) => user.id);
}

/** Column of each filter, the most telling first: the first one given leads, by its own index. */
const COLUMNS = [
  ['userName', 'u.user_name_key'],
  ['email', 'm.value_key'],
  ['externalId', 'u.external_id'],
  ['employeeNumber', 'u.employee_number_key'],
  ['displayName', 'u.display_name_key'],
  ['familyName', 'u.family_name_key'],
  ['givenName', 'u.given_name_key'],
  ['manager', 'u.manager_id'],
  ['costCenter', 'u.cost_center_key'],
  ['title', 'u.title_key'],
  ['department', 'u.department_key'],
  ['division', 'u.division_key'],
  ['organization', 'u.organization_key'],
  ['userType', 'u.user_type_key'],
] as const;

type Search = {
  readonly filters: UserFilters;
  readonly keys?: readonly AttributeKey[];
  readonly at: Date;
  readonly after: string | undefined;
  readonly limit: number;
};

/** The statement by itself, so that its plan can be looked at. */
export function searchStatement({ filters, keys = [], at, after, limit }: Search): {
  readonly sql: string;
  readonly parameters: readonly unknown[];
} {
  const parameters: unknown[] = [];
  const bind = (value: unknown): string => `$${parameters.push(value)}`;
  const given = COLUMNS.flatMap(([name, column]) => {
    const value = filters[name];
    return value === undefined ? [] : [{ column, value: bind(comparable(name, value)) }];
  });
  const [key, ...moreKeys] = given.length === 0 ? keys : [undefined, ...keys];
  const { from, id } = sourceOf(filters, key);
  const leadingKey = key && { column: 'k.key', value: bind(key.key) };
  const [leading, ...rest] = leadingKey ? [leadingKey] : given;
  const conditions = [
    ...(leading === undefined ? unfiltered(id, after && bind(after)) : ledBy(leading, id, after && bind(after))),
    ...rest.map(({ column, value }) => `${column} = ${value}`),
    ...(key === undefined ? [] : [`k.attribute_id = ${bind(key.attributeId)}`]),
    ...moreKeys.flatMap((one) => (one === undefined ? [] : [hasKey(one, bind)])),
    ...standingConditions(filters, at, bind),
  ];
  return {
    sql: `SELECT ${USER_COLUMNS} FROM ${from}
      ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
      ORDER BY ${leading === undefined ? '' : `${leading.column}, `}${id} LIMIT ${bind(limit + 1)}`,
    parameters,
  };
}

/** The value of an operator-defined attribute in the form in which it is compared. */
type AttributeKey = { readonly attributeId: string; readonly key: string };

/** What is read first: the addresses or attribute values that are looked for, where nothing else is given. */
function sourceOf(
  { email }: UserFilters,
  key: AttributeKey | undefined,
): { readonly from: string; readonly id: string } {
  if (email !== undefined) return { from: 'user_emails m JOIN users u ON u.id = m.user_id', id: 'm.user_id' };
  if (key !== undefined) return { from: 'user_attribute_keys k JOIN users u ON u.id = k.user_id', id: 'k.user_id' };
  return { from: 'users u', id: 'u.id' };
}

const hasKey = ({ attributeId, key }: AttributeKey, bind: (value: unknown) => string): string =>
  `EXISTS (SELECT FROM user_attribute_keys x WHERE x.attribute_id = ${bind(attributeId)} AND x.key = ${bind(key)} AND x.user_id = u.id)`;

const comparable = (name: keyof UserFilters, value: string): string =>
  name === 'externalId' ? value : comparisonKey(value);

const unfiltered = (id: string, after: string | undefined): string[] =>
  after === undefined ? [] : [`${id} > ${after}`];

/**
 * The same as `column = value AND id > after`, said as a range of (column, id): with an equality PostgreSQL would know that the
 * primary key gives the order too, and where all matches came early it would read to the end of the table for the last page.
 */
const ledBy = (
  { column, value }: { column: string; value: string },
  id: string,
  after: string | undefined,
): string[] =>
  after === undefined
    ? [`${column} >= ${value}`, `${column} <= ${value}`]
    : [`(${column}, ${id}) > (${value}, ${after})`, `${column} <= ${value}`];

const OPEN = `u.status IN ('active', 'staged')`;
const CLOSED = personMayBeOut('u');

/** First what an index holds, then what is true at the moment. */
function standingConditions({ active, status }: UserFilters, at: Date, bind: (value: unknown) => string): string[] {
  if (active === undefined && status === undefined) return [];
  const moment = `${bind(at)}::timestamptz`;
  return [
    ...(active === undefined
      ? []
      : active
        ? [OPEN, personInForce(moment, 'u')]
        : [CLOSED, `NOT ${personInForce(moment, 'u')}`]),
    ...(status === undefined
      ? []
      : [status === 'active' ? OPEN : CLOSED, `${personStatus(moment, 'u')} = ${bind(status)}`]),
  ];
}
