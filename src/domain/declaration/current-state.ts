import type { ClientId, GroupId, RoleAssignmentId, RoleId, UserId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { ROLE_COLUMNS, type Role } from '../access/role.ts';
import { type DescribedResourceServer, searchResourceServers } from '../clients/find-resource-server.ts';
import { findRegisteredClients, type RegisteredClient } from '../clients/registered-client.ts';
import { listPolicies, type Policy } from '../policy/policy.ts';
import { listUserAttributes, type UserAttribute } from '../user-attributes/user-attribute.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';
import type { User } from '../users/user.ts';
import { type StoredUser, USER_COLUMNS, userOf } from '../users/user-rows.ts';
import { type CurrentOrganizations, policyKey, readCurrentOrganizations } from './current-organizations.ts';
import type { Declaration } from './declaration-schema.ts';
import { readOrganizationNames } from './export-organizations.ts';
import { type OwnedThing, readOwnedThings } from './owned-things.ts';
import { type CurrentInclusion, readInclusions } from './plan-inclusions.ts';

/** The value of `managed_by` in rows that a declarative file made. */
export const MANAGED_BY = 'apply';

export type CurrentRole = Role & { readonly managedBy: string | null };
export type CurrentClient = RegisteredClient & {
  readonly managedBy: string | null;
  readonly secretHashes: readonly string[];
};
export type CurrentUser = User & { readonly managedBy: string | null };
export type CurrentGroup = {
  readonly id: GroupId;
  readonly key: string;
  readonly displayName: string;
  readonly externalId: string | null;
  readonly membershipRule: string | null;
  readonly managedBy: string | null;
};

/** Whoever holds a role, by the name a file has for it: `user:<key>`, `group:<key>` or `client:<client_id>`. */
export type CurrentAssignment = {
  readonly id: RoleAssignmentId;
  readonly subject: string;
  readonly role: string;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly reason: string | null;
  readonly managedBy: string | null;
};
export type CurrentMembership = {
  readonly userKey: string;
  readonly groupKey: string;
  readonly groupName: string;
  readonly groupId: GroupId;
  readonly userId: UserId;
  readonly managedBy: string | null;
};

export type CurrentState = CurrentOrganizations & {
  readonly resourceServers: ReadonlyMap<string, DescribedResourceServer>;
  readonly roles: ReadonlyMap<string, CurrentRole>;
  readonly clients: ReadonlyMap<string, CurrentClient>;
  /** By name in lower case. */
  readonly userAttributes: ReadonlyMap<string, UserAttribute>;
  /** By {@link policyKey}. */
  readonly policies: ReadonlyMap<string, Policy>;
  readonly groups: ReadonlyMap<string, CurrentGroup>;
  /** Those a file names, as themselves or as a manager. */
  readonly users: ReadonlyMap<string, CurrentUser>;
  /** Keys of userNames that deleted people keep. */
  readonly reserved: ReadonlySet<string>;
  readonly assignments: readonly CurrentAssignment[];
  readonly memberships: readonly CurrentMembership[];
  readonly inclusions: readonly CurrentInclusion[];
  readonly owned: readonly OwnedThing[];
  /** What a file has declared before and got: see {@link itemOf}. */
  readonly items: ReadonlySet<string>;
};

export type ItemKind =
  | 'user'
  | 'role_assignment'
  | 'group_membership'
  | 'client_secret'
  | 'organization_membership'
  | 'organization_home';
export type Item = { readonly kind: ItemKind; readonly subject: string; readonly object: string };

/** An item as one string; no part of it holds a line break. */
export const itemOf = ({ kind, subject, object }: Item): string => `${kind}\n${subject}\n${object}`;

export const userSubject = (userName: string): string => `user:${comparisonKey(userName)}`;
export const groupSubject = (displayName: string): string => `group:${comparisonKey(displayName)}`;
export const clientSubject = (clientId: string): string => `client:${clientId}`;

/** Everything a declaration is compared with, in a constant number of queries. */
export async function readCurrentState(read: Reader, declaration: Declaration): Promise<CurrentState> {
  const clientIds = declaration.clients.map(({ input }) => input.client_id ?? '');
  const userKeys = declaration.users.map(({ input }) => comparisonKey(input.userName));
  const groupKeys = [
    ...declaration.groups.map(({ input }) => comparisonKey(input.displayName)),
    ...[...declaration.users, ...declaration.groups].flatMap(({ groups }) => groups.map(comparisonKey)),
  ];
  const subjects = subjectsOf(declaration);
  const servers = await searchResourceServers(read, { cursor: undefined, limit: EVERY });
  return {
    resourceServers: new Map(servers.items.map((server) => [server.identifier, server])),
    roles: await readRoles(read),
    clients: await readClients(read, clientIds),
    userAttributes: new Map((await listUserAttributes(read)).map((one) => [one.name.toLowerCase(), one])),
    policies: await readPolicies(read),
    ...(await readCurrentOrganizations(read, declaration)),
    groups: await readGroups(read, groupKeys),
    users: await readUsers(read, [...userKeys, ...managersOf(declaration)]),
    reserved: await readReserved(read, userKeys),
    assignments: await readAssignments(read, { userKeys, groupKeys, clientIds }),
    memberships: await read.query<CurrentMembership>(MEMBERSHIPS, [userKeys]),
    inclusions: await readInclusions(read, groupKeys),
    owned: await readOwnedThings(read, MANAGED_BY),
    items: await readItems(read, subjects),
  };
}

const managersOf = ({ users }: Declaration): readonly string[] =>
  users.flatMap(({ input }) => {
    const manager = input[ENTERPRISE]?.manager;
    return manager !== undefined && 'userName' in manager ? [comparisonKey(manager.userName)] : [];
  });

/** Whose roles, memberships and secrets a file decides about: those it names. */
export const subjectsOf = ({ users, groups, clients }: Declaration): readonly string[] => [
  ...users.map(({ input }) => userSubject(input.userName)),
  ...groups.map(({ input }) => groupSubject(input.displayName)),
  ...clients.map(({ input }) => clientSubject(input.client_id ?? '')),
];

/** Resource servers are few: they are read whole. */
const EVERY = 100_000;

async function readRoles(read: Reader): Promise<ReadonlyMap<string, CurrentRole>> {
  const rows = await read.query<CurrentRole>(`SELECT ${ROLE_COLUMNS}, roles.managed_by AS "managedBy" FROM roles`);
  return new Map(rows.map((role) => [role.name, role]));
}

async function readClients(read: Reader, clientIds: readonly string[]): Promise<ReadonlyMap<string, CurrentClient>> {
  const clients = await findRegisteredClients(read, clientIds);
  const more = await read.query<{ clientId: ClientId; managedBy: string | null; hashes: readonly string[] }>(
    `SELECT c.client_id AS "clientId", c.managed_by AS "managedBy",
       ARRAY(SELECT s.hash FROM client_secrets s WHERE s.client_id = c.client_id) AS hashes
     FROM clients c WHERE c.client_id = ANY ($1::text[])`,
    [clientIds],
  );
  const beside = new Map(more.map((row) => [row.clientId, row]));
  return new Map(
    clients.map((client) => {
      const row = beside.get(client.clientId);
      return [client.clientId, { ...client, managedBy: row?.managedBy ?? null, secretHashes: row?.hashes ?? [] }];
    }),
  );
}

async function readPolicies(read: Reader): Promise<ReadonlyMap<string, Policy>> {
  const names = await readOrganizationNames(read);
  return new Map(
    (await listPolicies(read)).map((policy) => [
      policyKey(policy.name, names.get(policy.organizationId ?? '')),
      policy,
    ]),
  );
}

async function readGroups(read: Reader, keys: readonly string[]): Promise<ReadonlyMap<string, CurrentGroup>> {
  const rows = await read.query<CurrentGroup>(
    `SELECT id, display_name_key AS key, display_name AS "displayName", external_id AS "externalId",
       membership_rule AS "membershipRule", managed_by AS "managedBy"
     FROM groups WHERE display_name_key = ANY ($1::text[]) AND organization_id IS NULL`,
    [keys],
  );
  return new Map(rows.map((group) => [group.key, group]));
}

async function readUsers(read: Reader, keys: readonly string[]): Promise<ReadonlyMap<string, CurrentUser>> {
  const rows = await read.query<StoredUser & { managedBy: string | null; key: string }>(
    `SELECT ${USER_COLUMNS}, u.managed_by AS "managedBy", u.user_name_key AS key FROM users u
     WHERE u.user_name_key = ANY ($1::text[])`,
    [keys],
  );
  return new Map(rows.map((row) => [row.key, { ...userOf(row), managedBy: row.managedBy }]));
}

async function readReserved(read: Reader, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await read.query<{ key: string }>(
    'SELECT user_name_key AS key FROM deleted_users WHERE user_name_key = ANY ($1::text[])',
    [keys],
  );
  return new Set(rows.map(({ key }) => key));
}

type Keys = {
  readonly userKeys: readonly string[];
  readonly groupKeys: readonly string[];
  readonly clientIds: readonly string[];
};

const readAssignments = (read: Reader, { userKeys, groupKeys, clientIds }: Keys) =>
  read.query<CurrentAssignment>(ASSIGNMENTS, [userKeys, groupKeys, clientIds]);

const ASSIGNMENTS = /* sql */ `
  WITH named (id, subject) AS (
    SELECT a.id, 'user:' || u.user_name_key FROM users u JOIN role_assignments a ON a.user_id = u.id
    WHERE u.user_name_key = ANY ($1::text[])
    UNION ALL
    SELECT a.id, 'group:' || g.display_name_key FROM groups g JOIN role_assignments a ON a.group_id = g.id
    WHERE g.display_name_key = ANY ($2::text[]) AND g.organization_id IS NULL
    UNION ALL
    SELECT a.id, 'client:' || a.client_id FROM role_assignments a WHERE a.client_id = ANY ($3::text[])
  )
  SELECT a.id, named.subject, roles.name AS role, a.starts_at AS "startsAt", a.ends_at AS "endsAt", a.reason,
    a.managed_by AS "managedBy"
  FROM named JOIN role_assignments a ON a.id = named.id JOIN roles ON roles.id = a.role_id
  ORDER BY named.subject, roles.name, a.starts_at NULLS FIRST`;

const MEMBERSHIPS = /* sql */ `
  SELECT u.user_name_key AS "userKey", g.display_name_key AS "groupKey", g.display_name AS "groupName", g.id AS "groupId",
    u.id AS "userId", m.managed_by AS "managedBy"
  FROM users u JOIN group_members m ON m.user_id = u.id JOIN groups g ON g.id = m.group_id AND g.membership_rule IS NULL AND g.organization_id IS NULL
  WHERE u.user_name_key = ANY ($1::text[]) ORDER BY u.user_name_key, g.display_name_key`;

async function readItems(read: Reader, subjects: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await read.query<Item>(
    'SELECT kind, subject, object FROM declared_items WHERE subject = ANY ($1::text[])',
    [subjects],
  );
  return new Set(rows.map(itemOf));
}

export type RoleIds = ReadonlyMap<string, RoleId>;
