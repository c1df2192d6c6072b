import { stringify } from 'yaml';
import type { Page, PageRequest } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { ROLE_COLUMNS, type Role } from '../access/role.ts';
import { sortedPermissions, wireSettings } from '../clients/client-state.ts';
import { searchResourceServers } from '../clients/find-resource-server.ts';
import { searchClients } from '../clients/registered-client.ts';
import { listPolicies } from '../policy/policy.ts';
import { listUserAttributes, type UserAttribute } from '../user-attributes/user-attribute.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';
import { attributesOf } from '../users/user.ts';
import { type StoredUser, USER_COLUMNS, userOf } from '../users/user-rows.ts';
import { policyKey } from './current-organizations.ts';
import { declarationSchema } from './declaration-schema.ts';
import {
  exportBrandings,
  exportOrganizations,
  readDeclaredMemberships,
  readOrganizationNames,
} from './export-organizations.ts';
import { said } from './said.ts';

export type ExportOptions = {
  /** Who reads the file can try passwords at leisure. */
  readonly withPasswordHashes?: boolean;
};

const HEADER = 'What this installation holds, secrets left out; apply it with: doorward apply -f FILE';

/**
 * A YAML text that applies back to the present state; the same state gives the same text. What belongs to the product, and
 * client secrets, are not in it. Clients that registered themselves in a way no file can say are named in a comment.
 */
export async function exportDeclaration(
  read: Reader,
  { withPasswordHashes = false }: ExportOptions = {},
): Promise<string> {
  const held = await readHeldRoles(read);
  const organizations = await readOrganizationNames(read);
  const clients = await exportClients(read, held, organizations);
  const document = {
    resourceServers: await exportResourceServers(read),
    organizations: await exportOrganizations(read),
    clients: clients.entries,
    roles: await exportRoles(read),
    userAttributes: (await listUserAttributes(read)).map(declaredAttribute),
    policies: await exportPolicies(read, organizations),
    brandings: await exportBrandings(read),
    groups: await withGroupsAbove(read, await exportGroups(read, held)),
    users: await exportUsers(read, held, withPasswordHashes),
  };
  const filled = Object.fromEntries(Object.entries(document).filter(([, entries]) => entries.length > 0));
  const comments = [HEADER, ...clients.skipped.map((id) => `client ${id} registered itself and cannot be declared`)];
  const body =
    Object.keys(filled).length === 0 ? '{}\n' : stringify(filled, { lineWidth: 120, aliasDuplicateObjects: false });
  return `${comments.map((line) => `# ${line.replaceAll(/\s+/g, ' ')}`).join('\n')}\n${body}`;
}

const byName = <Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] =>
  [...items].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

async function everyPage<Item>(search: (request: PageRequest) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await search({ cursor, limit: 500 });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}

async function exportResourceServers(read: Reader): Promise<object[]> {
  const servers = await everyPage((page) => searchResourceServers(read, page));
  return byName(
    servers.filter(({ builtIn }) => !builtIn),
    ({ identifier }) => identifier,
  ).map(
    ({ identifier, name, accessTokenFormat, accessTokenType, accessTokenLifetimeSeconds, signingAlg, permissions }) =>
      said({
        identifier,
        name,
        accessTokenFormat,
        accessTokenType,
        accessTokenLifetimeSeconds,
        signingAlg,
        permissions: byName(permissions, ({ value }) => value).map(said),
      }),
  );
}

const declaredAttribute = (attribute: UserAttribute): object => {
  const { id: _, managedBy: __, version: ___, createdAt: ____, updatedAt: _____, ...settings } = attribute;
  // An empty list says something here: nobody may.
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
};

/** A rule about what is gone, which holds for nobody, cannot be said in a file: such a policy stays out of it. */
async function exportPolicies(read: Reader, organizations: ReadonlyMap<string, string>): Promise<object[]> {
  const policies = (await listPolicies(read)).map((policy) => ({
    ...policy,
    organization: organizations.get(policy.organizationId ?? ''),
  }));
  return byName(policies, ({ name, organization }) => policyKey(name, organization))
    .map(({ name, description, organization, clientId, enabled, rules }) => ({
      ...said({ name, description, organization, clientId, enabled }),
      rules,
    }))
    .filter((entry) => declarationSchema.safeParse({ policies: [entry] }).success);
}

type HeldRow = {
  readonly subject: string;
  readonly role: string;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly reason: string | null;
};
type Held = ReadonlyMap<string, readonly unknown[]>;

const HELD = /* sql */ `
  SELECT coalesce('user:' || a.user_id, 'group:' || a.group_id, 'client:' || a.client_id) AS subject, roles.name AS role,
    a.starts_at AS "startsAt", a.ends_at AS "endsAt", a.reason
  FROM role_assignments a JOIN roles ON roles.id = a.role_id ORDER BY subject, roles.name COLLATE "C", a.starts_at NULLS FIRST`;

async function readHeldRoles(read: Reader): Promise<Held> {
  const held = new Map<string, unknown[]>();
  for (const { subject, role, startsAt, endsAt, reason } of await read.query<HeldRow>(HELD)) {
    const hasPeriod = startsAt !== null || endsAt !== null || reason !== null;
    const period = { startsAt: startsAt?.toISOString(), endsAt: endsAt?.toISOString(), reason };
    held.set(subject, [...(held.get(subject) ?? []), hasPeriod ? said({ role, ...period }) : role]);
  }
  return held;
}

async function exportClients(
  read: Reader,
  held: Held,
  organizations: ReadonlyMap<string, string>,
): Promise<{ entries: object[]; skipped: string[] }> {
  const own = await read.query<{ id: string }>(`SELECT client_id AS id FROM clients WHERE managed_by = 'doorward'`);
  const ofProduct = new Set<string>(own.map(({ id }) => id));
  const clients = await everyPage((page) => searchClients(read, { filters: {}, ...page }));
  const entries: object[] = [];
  const skipped: string[] = [];
  for (const client of byName(clients, ({ clientId }) => clientId)) {
    if (ofProduct.has(client.clientId)) continue;
    const { permissions, organization_id: organizationId, ...settings } = wireSettings(client);
    const entry = {
      ...settings,
      ...said({
        organization: organizations.get(organizationId ?? ''),
        permissions: sortedPermissions(permissions),
        roles: held.get(`client:${client.clientId}`),
      }),
    };
    if (declarationSchema.safeParse({ clients: [entry] }).success) entries.push(entry);
    else skipped.push(client.clientId);
  }
  return { entries, skipped };
}

async function exportRoles(read: Reader): Promise<object[]> {
  const roles = await read.query<Role>(`SELECT ${ROLE_COLUMNS} FROM roles WHERE NOT roles.built_in`);
  return byName(roles, ({ name }) => name).map(({ name, description, permissions, inherits }) =>
    said({ name, description, permissions: sortedPermissions(permissions), inherits: [...inherits].sort() }),
  );
}

type ExportedGroup = Record<'id' | 'displayName' | 'key', string> &
  Record<'externalId' | 'membershipRule', string | null>;

async function exportGroups(read: Reader, held: Held): Promise<object[]> {
  const groups = await read.query<ExportedGroup>(
    `SELECT id, display_name AS "displayName", external_id AS "externalId", membership_rule AS "membershipRule",
       display_name_key AS key FROM groups WHERE organization_id IS NULL`,
  );
  return byName(groups, ({ key }) => key).map(({ id, displayName, externalId, membershipRule }) =>
    said({ displayName, externalId, membershipRule, roles: held.get(`group:${id}`) }),
  );
}

const GROUPS_ABOVE = /* sql */ `
  SELECT included.display_name AS "displayName", array_agg(above.display_name ORDER BY above.display_name_key COLLATE "C") AS groups
  FROM group_inclusions i JOIN groups above ON above.id = i.group_id JOIN groups included ON included.id = i.included_group_id
  WHERE included.organization_id IS NULL GROUP BY included.id`;

/** Groups inside others say so as people do. */
async function withGroupsAbove(read: Reader, entries: readonly object[]): Promise<object[]> {
  const rows = await read.query<{ displayName: string; groups: readonly string[] }>(GROUPS_ABOVE);
  const above = new Map<unknown, readonly string[]>(rows.map(({ displayName, groups }) => [displayName, groups]));
  return entries.map((entry) => said({ ...entry, groups: 'displayName' in entry ? above.get(entry.displayName) : [] }));
}

type ExportedUser = StoredUser & {
  readonly key: string;
  readonly groups: readonly string[];
  readonly hash: string | null;
  readonly managerName: string | null;
};

async function exportUsers(read: Reader, held: Held, withPasswordHashes: boolean): Promise<object[]> {
  const rows = await read.query<ExportedUser>(
    `SELECT ${USER_COLUMNS}, u.user_name_key AS key, CASE WHEN $1 THEN p.hash END AS hash,
       (SELECT m.user_name FROM users m WHERE m.id = u.manager_id) AS "managerName",
       ARRAY(SELECT g.display_name FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = u.id AND g.membership_rule IS NULL
         AND g.organization_id IS NULL ORDER BY g.display_name_key COLLATE "C") AS groups
     FROM users u LEFT JOIN password_credentials p ON p.user_id = u.id`,
    [withPasswordHashes],
  );
  const memberships = await readDeclaredMemberships(read);
  return byName(rows, ({ key }) => key).map((row) => {
    const organizations = memberships.get(row.id);
    const beside = { roles: held.get(`user:${row.id}`), groups: row.groups, organizations, passwordHash: row.hash };
    return { ...declaredUser(row), ...said(beside) };
  });
}

/** A manager is named by userName: whoever applies the file elsewhere has other ids. */
function declaredUser(row: ExportedUser): object {
  const user = userOf(row);
  const { status, startsAt, endsAt } = user;
  const attributes = {
    ...attributesOf(user),
    ...(status === 'active' || status === 'inactive' ? { active: status === 'active' } : { status }),
    startsAt: startsAt?.toISOString(),
    endsAt: endsAt?.toISOString(),
  };
  if (row.managerName === null) return said(attributes);
  return said({ ...attributes, [ENTERPRISE]: { ...user[ENTERPRISE], manager: { userName: row.managerName } } });
}
