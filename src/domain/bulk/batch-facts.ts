import { groupBy } from '../../kernel/group-by.ts';
import { comparisonKey, isStorableText } from '../../kernel/text.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { lockAdministrators } from '../access/administrators.ts';
import type { UserAttribute } from '../user-attributes/user-attribute.ts';
import { listUserAttributes } from '../user-attributes/user-attribute.ts';
import { reservedUserNames } from '../users/deleted-user.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';
import { lockNamedUsers } from '../users/lock-named-users.ts';
import type { User } from '../users/user.ts';
import type { SplitRow } from './person-row.ts';

/** What is there already of whatever the rows of a batch name, each read with one statement. */
export type BatchFacts = {
  readonly byUserName: ReadonlyMap<string, User>;
  readonly byExternalId: ReadonlyMap<string, readonly User[]>;
  readonly reserved: ReadonlySet<string>;
  /** Ids by the key of the display name, or the name. */
  readonly groups: ReadonlyMap<string, string>;
  readonly roles: ReadonlyMap<string, string>;
  /** Ids by the key of the userName. */
  readonly managers: ReadonlyMap<string, string>;
  readonly definitions: readonly UserAttribute[];
};

const CLOSING = ['active', 'status', 'startsAt', 'endsAt'];

export async function readBatchFacts(tx: Tx, rows: readonly SplitRow[]): Promise<BatchFacts> {
  // The lock over administrators comes before any row's (amend-user.ts).
  if (rows.some(({ attributes }) => CLOSING.some((name) => name in attributes))) await lockAdministrators(tx);
  const userNames = rows.flatMap(({ attributes }) => textIn(attributes.userName));
  const externalIds = rows.flatMap(({ attributes }) => textIn(attributes.externalId));
  const users = await lockNamedUsers(tx, { userNames, externalIds });
  const managers = rows.flatMap(({ attributes }) => managerNamed(attributes) ?? []);
  return {
    byUserName: new Map(users.map((user) => [comparisonKey(user.userName), user])),
    byExternalId: groupBy(users, ({ externalId }) => externalId ?? ''),
    reserved: await reservedUserNames(tx, userNames),
    groups: await idsByName(tx, GROUPS, rows.flatMap(({ beside }) => beside.groups ?? []).map(comparisonKey)),
    roles: await idsByName(
      tx,
      ROLES,
      rows.flatMap(({ beside }) => beside.roles ?? []),
    ),
    managers: await idsByName(tx, PEOPLE, managers.map(comparisonKey)),
    definitions: await listUserAttributes(tx),
  };
}

const GROUPS =
  'SELECT id, display_name_key AS name FROM groups WHERE display_name_key = ANY ($1::text[]) AND organization_id IS NULL';
const ROLES = 'SELECT id, name FROM roles WHERE name = ANY ($1::text[])';
const PEOPLE = 'SELECT id, user_name_key AS name FROM users WHERE user_name_key = ANY ($1::text[])';

async function idsByName(read: Reader, sql: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(names)].filter(isStorableText);
  if (asked.length === 0) return new Map();
  const rows = await read.query<{ id: string; name: string }>(sql, [asked]);
  return new Map(rows.map(({ id, name }) => [name, id]));
}

const textIn = (value: unknown): readonly string[] =>
  typeof value === 'string' && value !== '' && isStorableText(value) ? [value] : [];

/** The manager whom a row names by userName rather than by id. */
export function managerNamed(attributes: Readonly<Record<string, unknown>>): string | undefined {
  const enterprise: unknown = attributes[ENTERPRISE];
  const manager: unknown = isRecord(enterprise) ? enterprise.manager : undefined;
  return isRecord(manager) && typeof manager.userName === 'string' ? manager.userName : undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
