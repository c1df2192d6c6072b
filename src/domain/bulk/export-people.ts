import type { Reader } from '../../persistence/unit-of-work.ts';
import { rolesOfUsers } from '../access/roles-of-users.ts';
import { findPasswordHashes } from '../credentials/find-password-hashes.ts';
import { groupsOfUsers } from '../groups/memberships.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';
import { findUsers } from '../users/list-users.ts';
import { attributesOf, type User } from '../users/user.ts';

const PEOPLE_AT_ONCE = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** A person as an import takes them: SCIM names, with groups, roles and, when asked, the hash of their password. */
export type ExportedPerson = Readonly<Record<string, unknown>>;

/** Everyone, in the order of ids, some hundred at a time. */
export async function* exportPeople(
  read: Reader,
  { withPasswordHashes }: { readonly withPasswordHashes: boolean },
): AsyncGenerator<readonly ExportedPerson[]> {
  let after = FIRST_ID;
  for (;;) {
    const ids = await read.query<{ id: string }>(
      `SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT ${PEOPLE_AT_ONCE}`,
      [after],
    );
    const last = ids.at(-1);
    if (last === undefined) return;
    yield await described(
      read,
      ids.map(({ id }) => id),
      withPasswordHashes,
    );
    after = last.id;
  }
}

async function described(
  read: Reader,
  ids: readonly string[],
  withPasswordHashes: boolean,
): Promise<readonly ExportedPerson[]> {
  const users = await findUsers(read, ids);
  const groups = await groupsOfUsers(read, ids);
  const roles = await rolesOfUsers(read, ids);
  const hashes = withPasswordHashes ? await findPasswordHashes(read, ids) : new Map<string, string>();
  const managers = await userNamesOf(read, users);
  return users.map((user) => ({
    ...attributesSaid(user, managers),
    ...said('groups', (groups.get(user.id) ?? []).map(({ display }) => display).sort()),
    ...said('roles', roles.get(user.id)),
    ...said('passwordHash', hashes.get(user.id)),
  }));
}

function attributesSaid(user: User, managers: ReadonlyMap<string, string>): ExportedPerson {
  const { status, startsAt, endsAt } = user;
  const { [ENTERPRISE]: enterprise, ...attributes } = attributesOf(user);
  const { manager, ...rest } = enterprise ?? {};
  const userName = manager && managers.get(manager.value);
  const enterpriseSaid = { ...rest, ...(userName === undefined ? {} : { manager: { userName } }) };
  const shown = Object.entries({ ...attributes, status, startsAt, endsAt }).flatMap(([name, value]) =>
    Object.entries(said(name, value)),
  );
  return { ...Object.fromEntries(shown), ...said(ENTERPRISE, enterpriseSaid) };
}

/** Without what is empty: an import takes it as nothing said. */
function said(name: string, value: unknown): ExportedPerson {
  if (value === undefined || value === null) return {};
  if (Array.isArray(value) && value.length === 0) return {};
  if (value instanceof Date) return { [name]: value.toISOString() };
  if (typeof value === 'object' && Object.keys(value).length === 0) return {};
  return { [name]: value };
}

async function userNamesOf(read: Reader, users: readonly User[]): Promise<ReadonlyMap<string, string>> {
  const ids = users.flatMap((user) => user[ENTERPRISE]?.manager?.value ?? []);
  if (ids.length === 0) return new Map();
  const managers = await findUsers(read, [...new Set(ids)]);
  return new Map(managers.map(({ id, userName }) => [id, userName]));
}
