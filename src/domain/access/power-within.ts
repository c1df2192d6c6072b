/** What people and teams hold within organizations, for the delegated-administrator rule (`may-grant.ts`). */
import type { Tx } from '../../persistence/unit-of-work.ts';
import { groupsAbove, groupsOfPerson, groupsWithinReach } from '../groups/groups-above.ts';
import { organizationsAbove } from '../organizations/organizations-in-reach.ts';
import { assignedInOrganization } from './organization-access.ts';

/** A permission; one that is held within an organization counts there and below only. */
export type Power = { readonly resource: string; readonly value: string; readonly organizationId?: string | undefined };

/** Adds to a CTE `given (organization_id, role_id)` the permissions behind it: of built-in resource servers, or all. */
const permissionsOf = (filter: string): string => /* sql */ `
  reached (organization_id, role_id) AS (
    SELECT organization_id, role_id FROM given
    UNION
    SELECT reached.organization_id, i.inherits_role_id FROM reached JOIN role_inheritance i ON i.role_id = reached.role_id
  )
  SELECT DISTINCT reached.organization_id AS "organizationId", servers.identifier AS resource, permissions.value
  FROM reached JOIN role_permissions held ON held.role_id = reached.role_id
  JOIN permissions ON permissions.id = held.permission_id
  JOIN resource_servers servers ON servers.id = permissions.resource_server_id WHERE ${filter}`;

/** What is still to come counts as power already. */
const NOT_OVER = '(a.ends_at IS NULL OR a.ends_at > $2)';

const ofUser = (groups: string, filter: string): string => /* sql */ `
  WITH RECURSIVE ${groups}, given (organization_id, role_id) AS (
    SELECT a.organization_id, a.role_id FROM organization_role_assignments a
    WHERE ${NOT_OVER} AND (a.user_id = $1 OR a.group_id IN (SELECT group_id FROM member_of))
  ), ${permissionsOf(filter)}`;
const OF_USER = ofUser(groupsOfPerson('$1'), 'servers.built_in');
const OF_USER_OUTSIDE = ofUser(
  groupsWithinReach('$1'),
  '(servers.built_in OR reached.organization_id <> ALL ($3::uuid[]))',
);
const OF_GROUP = /* sql */ `
  WITH RECURSIVE ${groupsAbove('$1')}, given (organization_id, role_id) AS (
    SELECT a.organization_id, a.role_id FROM above JOIN organization_role_assignments a ON a.group_id = above.group_id
    WHERE ${NOT_OVER}
  ), ${permissionsOf('(servers.built_in OR $3)')}`;
const OF_ROLES = /* sql */ `
  WITH RECURSIVE given (organization_id, role_id) AS (SELECT $1::uuid, unnest($2::uuid[])), ${permissionsOf('(servers.built_in OR $3)')}`;
/** Of people, teams and clients: whoever may act there. */
const IN_ORGANIZATIONS = /* sql */ `
  WITH RECURSIVE given (organization_id, role_id) AS (
    SELECT a.organization_id, a.role_id FROM organization_role_assignments a
    WHERE a.organization_id = ANY ($1::uuid[]) AND ${NOT_OVER}
    UNION
    SELECT c.organization_id, a.role_id FROM clients c JOIN role_assignments a ON a.client_id = c.client_id
    WHERE c.organization_id = ANY ($1::uuid[]) AND ${NOT_OVER}
  ), ${permissionsOf('(servers.built_in OR $3)')}
  UNION
  SELECT c.organization_id, servers.identifier, permissions.value
  FROM clients c JOIN client_permissions held ON held.client_id = c.client_id
  JOIN permissions ON permissions.id = held.permission_id
  JOIN resource_servers servers ON servers.id = permissions.resource_server_id
  WHERE c.organization_id = ANY ($1::uuid[]) AND (servers.built_in OR $3)`;
const HELD = /* sql */ `
  WITH RECURSIVE ${organizationsAbove('$2')}, ${groupsOfPerson('$1')}, ${assignedInOrganization('$1', '$3')},
  given (organization_id, role_id) AS (SELECT $2::uuid, role_id FROM assigned), ${permissionsOf('true')}`;

/** With `reach`, also what they may do in applications within organizations that are not among these, or give there by their groups. */
export const powerWithinOfUser = (tx: Tx, userId: string, reach?: ReadonlySet<string>): Promise<readonly Power[]> =>
  reach === undefined
    ? tx.whole.query<Power>(OF_USER, [userId, tx.now])
    : tx.whole.query<Power>(OF_USER_OUTSIDE, [userId, tx.now, [...reach]]);

export const powerWithinOfGroup = (tx: Tx, groupId: string): Promise<readonly Power[]> =>
  tx.whole.query<Power>(OF_GROUP, [groupId, tx.now, tx.actor.organizationId !== undefined]);

export const powerOfRolesWithin = (
  tx: Tx,
  { organizationId, roleIds }: { readonly organizationId: string; readonly roleIds: readonly string[] },
): Promise<readonly Power[]> =>
  tx.whole.query<Power>(OF_ROLES, [organizationId, roleIds, tx.actor.organizationId !== undefined]);

export const powerInOrganizations = (tx: Tx, organizationIds: readonly string[]): Promise<readonly Power[]> =>
  tx.whole.query<Power>(IN_ORGANIZATIONS, [organizationIds, tx.now, tx.actor.organizationId !== undefined]);

/** Everything the actor holds in the organization they act for. */
export const heldWithin = (tx: Tx, organizationId: string): Promise<readonly Power[]> =>
  tx.whole.query<Power>(HELD, [tx.actor.id, organizationId, tx.now]);
