/**
 * The delegated-administrator rule: nobody gives away, or takes over, more of the built-in permissions than they hold
 * themselves. Every path that can raise someone's power calls one of these inside its own transaction.
 */
import { type DomainError, forbidden } from '../../kernel/errors.ts';
import { outOfReach } from '../../persistence/organization-scope.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { groupsAbove, groupsOfPerson, groupsWithinReach } from '../groups/groups-above.ts';
import { organizationsBelow } from '../organizations/organizations-in-reach.ts';
import { personInForce } from '../users/standing.ts';
import { ADMIN_RESOURCE, type AdminPermission, adminPermissions } from './admin-permissions.ts';
import { SCIM_RESOURCE } from './built-in-resource-servers.ts';
import { heldWithin, type Power, powerWithinOfGroup, powerWithinOfUser } from './power-within.ts';

const PERMISSIONS = /* sql */ `
  SELECT DISTINCT servers.identifier AS resource, permissions.value
  FROM power JOIN permissions ON permissions.id = power.permission_id
  JOIN resource_servers servers ON servers.id = permissions.resource_server_id`;
/** Permissions of built-in resource servers: power over this installation. */
const BUILT_IN = `${PERMISSIONS} WHERE servers.built_in`;

/** Adds to a CTE `assigned (role_id)` what those roles and the roles they inherit give. */
const ROLES_TO_POWER = /* sql */ `
  reached (role_id) AS (
    SELECT role_id FROM assigned
    UNION
    SELECT inheritance.inherits_role_id
    FROM reached JOIN role_inheritance inheritance ON inheritance.role_id = reached.role_id
  ), role_power AS (
    SELECT role_permissions.permission_id FROM reached JOIN role_permissions ON role_permissions.role_id = reached.role_id
  )`;

const IN_FORCE = '(a.starts_at IS NULL OR a.starts_at <= $2) AND (a.ends_at IS NULL OR a.ends_at > $2)';
/** What is still to come counts as power already. */
const NOT_OVER = '(a.ends_at IS NULL OR a.ends_at > $2)';

const ofUser = (
  period: string,
  person: string,
  { groups = groupsOfPerson, found = BUILT_IN } = {},
): string => /* sql */ `
  WITH RECURSIVE ${groups('$1')}, assigned (role_id) AS (
    SELECT a.role_id FROM role_assignments a WHERE a.user_id = $1 AND ${period} ${person}
    UNION
    SELECT a.role_id FROM member_of JOIN role_assignments a ON a.group_id = member_of.group_id
    WHERE ${period} ${person}
  ), ${ROLES_TO_POWER}, power AS (SELECT permission_id FROM role_power)
  ${found}`;

const ofClient = (period: string, client: string, more: { with: string; power: string }): string => /* sql */ `
  WITH RECURSIVE assigned (role_id) AS (
    SELECT a.role_id FROM role_assignments a WHERE a.client_id = $1 AND ${period} ${client}
  ), ${ROLES_TO_POWER}${more.with}, power AS (
    SELECT permission_id FROM role_power
    UNION SELECT permission_id FROM client_permissions WHERE client_id = $1 ${client} ${more.power}
  ) ${BUILT_IN}`;

/**
 * What people let a client use for them, as far as they hold it: whoever sets where it sends people gets tokens of theirs, and
 * nobody is asked again (a remembered consent).
 */
const LENT_TO_CLIENT = /* sql */ `
  consented (user_id, permission_id) AS (
    SELECT consents.user_id, permissions.id
    FROM consents CROSS JOIN LATERAL jsonb_each(consents.resource_scopes) AS given (identifier, scopes)
    JOIN resource_servers servers ON servers.identifier = given.identifier AND servers.built_in
    JOIN permissions ON permissions.resource_server_id = servers.id AND given.scopes ? permissions.value
    WHERE consents.client_id = $1
  ), person_group (user_id, group_id) AS (
    SELECT m.user_id, m.group_id FROM group_members m WHERE m.user_id IN (SELECT user_id FROM consented)
    UNION
    SELECT person_group.user_id, i.group_id
    FROM person_group JOIN group_inclusions i ON i.included_group_id = person_group.group_id
  ), person_role (user_id, role_id) AS (
    SELECT a.user_id, a.role_id FROM role_assignments a
    WHERE a.user_id IN (SELECT user_id FROM consented) AND ${NOT_OVER}
    UNION
    SELECT g.user_id, a.role_id FROM person_group g JOIN role_assignments a ON a.group_id = g.group_id WHERE ${NOT_OVER}
    UNION
    SELECT person_role.user_id, inheritance.inherits_role_id
    FROM person_role JOIN role_inheritance inheritance ON inheritance.role_id = person_role.role_id
  ), lent (permission_id) AS (
    SELECT consented.permission_id FROM consented JOIN person_role ON person_role.user_id = consented.user_id
    JOIN role_permissions held ON held.role_id = person_role.role_id AND held.permission_id = consented.permission_id
  )`;

const WHILE_IN_FORCE = `AND EXISTS (SELECT FROM users WHERE users.id = $1 AND ${personInForce('$2')})`;
const HELD_BY_USER = ofUser(IN_FORCE, WHILE_IN_FORCE);
/** Beside power over this installation: what they may do in the applications. */
const HELD_IN_APPLICATIONS = ofUser(IN_FORCE, WHILE_IN_FORCE, { found: `${PERMISSIONS} WHERE NOT servers.built_in` });
/** A client limited to certain attributes vouches for nobody at the SCIM door: for itself neither, which would end the limit. */
const HELD_BY_CLIENT = `${ofClient(IN_FORCE, 'AND EXISTS (SELECT FROM clients WHERE client_id = $1 AND enabled)', {
  with: '',
  power: '',
})} AND (servers.identifier <> '${SCIM_RESOURCE}' OR EXISTS (SELECT FROM clients WHERE client_id = $1 AND scim_attributes IS NULL))`;
const POWER_OF_USER = ofUser(NOT_OVER, '');
/** Of any application, and what they could give others (or themselves) by the groups they look after. */
const EVERYTHING_OF_USER = ofUser(NOT_OVER, '', { groups: groupsWithinReach, found: PERMISSIONS });
const POWER_OF_CLIENT = ofClient(NOT_OVER, '', {
  with: `, ${LENT_TO_CLIENT}`,
  power: 'UNION SELECT permission_id FROM lent',
});
const POWER_OF_ROLES = /* sql */ `
  WITH RECURSIVE assigned (role_id) AS (SELECT unnest($1::uuid[])), ${ROLES_TO_POWER},
  power AS (SELECT permission_id FROM role_power) ${BUILT_IN}`;
const ofGroup = (found: string): string => /* sql */ `
  WITH RECURSIVE ${groupsAbove('$1')}, assigned (role_id) AS (
    SELECT a.role_id FROM above JOIN role_assignments a ON a.group_id = above.group_id WHERE ${NOT_OVER}
  ), ${ROLES_TO_POWER}, power AS (SELECT permission_id FROM role_power) ${found}`;
const POWER_OF_GROUP = ofGroup(BUILT_IN);
const EVERYTHING_OF_GROUP = ofGroup(PERMISSIONS);
const POWER_OF_PERMISSIONS = /* sql */ `WITH power AS (SELECT unnest($1::uuid[]) AS permission_id) ${BUILT_IN}`;
const POWER_TO_READ_PEOPLE = /* sql */ `
  WITH power AS (
    SELECT p.id AS permission_id FROM permissions p JOIN resource_servers s ON s.id = p.resource_server_id
    WHERE s.identifier = '${ADMIN_RESOURCE}' AND p.value = 'users:read'
  ) ${BUILT_IN}`;
const ALL_POWER = /* sql */ `WITH power AS (SELECT id AS permission_id FROM permissions) ${BUILT_IN}`;

/** Whoever acts for an organization gives out nothing that counts beyond it. */
const holdsEverywhere = (tx: Tx, conferred: string, parameters: readonly unknown[]): Promise<void> => {
  if (tx.actor.organizationId !== undefined) return Promise.reject(outOfReach(undefined));
  return assertHolds(tx, conferred, parameters);
};

/** Assigning a role, or making another role inherit it. Throws forbidden `access.exceeds_own_permissions`, as all here do. */
export const assertMayGrantRoles = (tx: Tx, roleIds: readonly string[]): Promise<void> =>
  holdsEverywhere(tx, POWER_OF_ROLES, [roleIds]);

/** Putting permissions into a role, or giving them to a client. */
export const assertMayGrantPermissions = (tx: Tx, permissionIds: readonly string[]): Promise<void> =>
  holdsEverywhere(tx, POWER_OF_PERMISSIONS, [permissionIds]);

/**
 * Putting someone, or a group, into a group: they get what is assigned to it and to the groups it is in. For whoever acts for an
 * organization every permission counts, not only those of the product's own doors.
 */
export async function assertMayJoinGroup(tx: Tx, groupId: string): Promise<void> {
  const everywhere = tx.actor.organizationId === undefined ? POWER_OF_GROUP : EVERYTHING_OF_GROUP;
  await assertHolds(tx, everywhere, [groupId, tx.now]);
  await assertCovers(tx, await powerWithinOfGroup(tx, groupId));
}

/**
 * Setting a person's password, link, user name or addresses: whoever does could sign in as them. People may manage themselves. For
 * whoever acts for an organization every permission counts that the person holds outside of it, in any application.
 */
export async function assertMayManageUser(tx: Tx, userId: string): Promise<void> {
  const { type, id, organizationId: acting } = tx.actor;
  if (type === 'user' && id === userId) return;
  if (acting === undefined) await assertHolds(tx, POWER_OF_USER, [userId, tx.now]);
  else await assertCovers(tx, await heldBeyond(tx, userId));
  const reach = acting === undefined ? undefined : await organizationsBelow(tx, acting);
  await assertCovers(tx, await powerWithinOfUser(tx, userId, reach));
}

/** What somebody holds everywhere, without what the actor may do in applications themselves: what all have keeps nobody out. */
async function heldBeyond(tx: Tx, userId: string): Promise<readonly Power[]> {
  const theirs = await tx.whole.query<Power>(EVERYTHING_OF_USER, [userId, tx.now]);
  if (theirs.length === 0 || tx.actor.type !== 'user') return theirs;
  const own = new Set((await tx.whole.query<Power>(HELD_IN_APPLICATIONS, [tx.actor.id, tx.now])).map(nameOf));
  return theirs.filter((power) => !own.has(nameOf(power)));
}

/** Whether somebody has, or is to have, any power over this installation or one of its organizations. */
export async function hasPower(tx: Tx, userId: string): Promise<boolean> {
  const everywhere = await tx.whole.query<Power>(POWER_OF_USER, [userId, tx.now]);
  return everywhere.length > 0 || (await powerWithinOfUser(tx, userId)).length > 0;
}

/** Changing a client's settings or secrets: whoever does could act as it, and for those who let it act for them. */
export const assertMayManageClient = (tx: Tx, clientId: string): Promise<void> =>
  holdsEverywhere(tx, POWER_OF_CLIENT, [clientId, tx.now]);

/** Making a client that signs anyone in without asking them: it can obtain what any person holds. */
export const assertMayGrantEverything = (tx: Tx): Promise<void> => holdsEverywhere(tx, ALL_POWER, []);

/** Having what is known of people sent elsewhere: whoever says where reads it there. */
export const assertMaySendPeople = (tx: Tx): Promise<void> => assertHolds(tx, POWER_TO_READ_PEOPLE, []);

/** Going on with what somebody began: what they may do may have changed since. */
export const assertStillHolds = (tx: Tx, permissions: readonly AdminPermission[]): Promise<void> =>
  assertCovers(
    tx,
    permissions.map((value) => ({ resource: ADMIN_RESOURCE, value })),
  );

async function assertHolds(tx: Tx, conferred: string, parameters: readonly unknown[]): Promise<void> {
  // Who runs commands on the host, and the product itself, could change the database as well.
  if (tx.actor.type === 'operator' || tx.actor.type === 'system') return;
  await assertCovers(tx, await tx.whole.query<Power>(conferred, parameters));
}

/** The rule itself. Power within an organization covers the same within it and those below, and nothing that counts elsewhere. */
export async function assertCovers(tx: Tx, asked: readonly Power[]): Promise<void> {
  if (tx.actor.type === 'operator' || tx.actor.type === 'system' || asked.length === 0) return;
  const { organizationId: acting } = tx.actor;
  const held = new Set((await heldPower(tx)).map(nameOf));
  const reach = acting === undefined ? undefined : await organizationsBelow(tx, acting);
  const isCovered = (power: Power): boolean =>
    held.has(nameOf(power)) && (reach === undefined || reach.has(power.organizationId ?? ''));
  const missing = asked.filter((power) => !isCovered(power));
  const holdsAll = acting === undefined && EVERYTHING.every((name) => held.has(name));
  if (missing.length === 0 || holdsAll) return;
  // What is held outside of their organization is not theirs to know.
  const shown = missing.filter((power) => reach === undefined || reach.has(power.organizationId ?? ''));
  throw exceeds([...new Set(shown.map(nameOf))].sort());
}

/** Who may do everything in the admin API could give themselves the permissions of the product's other doors. */
const EVERYTHING = Object.keys(adminPermissions).map((value) => `${ADMIN_RESOURCE} ${value}`);

async function heldPower(tx: Tx): Promise<readonly Power[]> {
  if (tx.actor.type === 'user' && tx.actor.organizationId !== undefined) return heldWithin(tx, tx.actor.organizationId);
  if (tx.actor.type === 'user') return tx.whole.query<Power>(HELD_BY_USER, [tx.actor.id, tx.now]);
  if (tx.actor.type === 'client') return tx.whole.query<Power>(HELD_BY_CLIENT, [tx.actor.id, tx.now]);
  return [];
}

const nameOf = ({ resource, value }: Power): string => `${resource} ${value}`;

const exceeds = (missing: readonly string[]): DomainError =>
  forbidden('access.exceeds_own_permissions', {
    detail: `This reaches further than your own permissions. ${
      missing.length > 0 ? `You do not hold: ${missing.join(', ')}` : 'Something counts outside of your organization.'
    }`,
  });
