import type { Reader } from '../../persistence/unit-of-work.ts';
import { groupsOfPerson } from '../groups/groups-above.ts';
import { organizationsAbove } from '../organizations/organizations-in-reach.ts';
import { personMayBeInForce } from '../users/standing.ts';
import type { AccessFacts } from './effective-access.ts';

const NOBODY: AccessFacts = {
  isActive: false,
  startsAtMs: null,
  endsAtMs: null,
  groups: [],
  assignments: [],
  roles: [],
  rolePermissions: [],
  directPermissions: [],
};

/** What follows from a CTE `assigned (role_id, starts_at, ends_at)`; UNION ends the recursion even if a cycle slipped in. */
const REACHED = `
  reached (assigned_id, role_id) AS (
    SELECT role_id, role_id FROM assigned
    UNION
    SELECT reached.assigned_id, inheritance.inherits_role_id
    FROM reached JOIN role_inheritance inheritance ON inheritance.role_id = reached.role_id
  )`;

const FROM_ROLES = `
  (SELECT coalesce(json_agg(json_build_object(
      'roleId', role_id,
      'startsAtMs', extract(epoch FROM starts_at) * 1000,
      'endsAtMs', extract(epoch FROM ends_at) * 1000)), '[]') FROM assigned) AS assignments,
  (SELECT coalesce(json_agg(json_build_array(reached.assigned_id, roles.name)), '[]')
    FROM reached JOIN roles ON roles.id = reached.role_id) AS roles,
  (SELECT coalesce(json_agg(json_build_array(given.assigned_id, given.identifier, given.value)), '[]') FROM (
    SELECT DISTINCT reached.assigned_id, servers.identifier, permissions.value
    FROM reached
    JOIN role_permissions ON role_permissions.role_id = reached.role_id
    JOIN permissions ON permissions.id = role_permissions.permission_id
    JOIN resource_servers servers ON servers.id = permissions.resource_server_id) given) AS "rolePermissions"`;

const USER_ACCESS = `
  WITH RECURSIVE ${groupsOfPerson('$1')}, assigned AS (
    SELECT role_id, starts_at, ends_at FROM role_assignments WHERE user_id = $1
    UNION ALL
    SELECT a.role_id, a.starts_at, a.ends_at FROM member_of JOIN role_assignments a ON a.group_id = member_of.group_id
  ), ${REACHED}
  SELECT ${personMayBeInForce()} AS "isActive",
    extract(epoch FROM users.starts_at) * 1000 AS "startsAtMs", extract(epoch FROM users.ends_at) * 1000 AS "endsAtMs",
    ARRAY(SELECT g.display_name FROM member_of JOIN groups g ON g.id = member_of.group_id
      WHERE g.organization_id IS NULL ORDER BY g.display_name COLLATE "C") AS groups,
    '[]'::json AS "directPermissions",
    ${FROM_ROLES}
  FROM users WHERE users.id = $1`;

const CLIENT_ACCESS = `
  WITH RECURSIVE ${organizationsAbove('(SELECT organization_id FROM clients WHERE client_id = $1)')}, assigned AS (
    SELECT role_id, starts_at, ends_at FROM role_assignments WHERE client_id = $1
  ), ${REACHED}
  SELECT clients.enabled AND NOT EXISTS (SELECT FROM organization_above WHERE status <> 'active') AS "isActive",
    clients.organization_id AS "organizationId", NULL AS "startsAtMs", NULL AS "endsAtMs",
    ARRAY[]::text[] AS groups,
    (SELECT coalesce(json_agg(json_build_array(servers.identifier, permissions.value)), '[]')
      FROM client_permissions
      JOIN permissions ON permissions.id = client_permissions.permission_id
      JOIN resource_servers servers ON servers.id = permissions.resource_server_id
      WHERE client_permissions.client_id = $1) AS "directPermissions",
    ${FROM_ROLES}
  FROM clients WHERE clients.client_id = $1`;

/** One round trip; an unknown person has no access. */
export async function loadUserAccess(read: Reader, userId: string): Promise<AccessFacts> {
  const [facts] = await read.query<AccessFacts>(USER_ACCESS, [userId]);
  return facts ?? NOBODY;
}

/** One round trip; an unknown client has no access. */
export async function loadClientAccess(read: Reader, clientId: string): Promise<AccessFacts> {
  const [facts] = await read.query<AccessFacts>(CLIENT_ACCESS, [clientId]);
  return facts ?? NOBODY;
}
