import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { groupsOfPerson } from '../groups/groups-above.ts';
import { organizationsAbove } from '../organizations/organizations-in-reach.ts';
import { personInForce } from '../users/standing.ts';

/** What a person may do within one organization: roles assigned there, or in an organization above it. */
export type OrganizationAccess = {
  readonly id: string;
  readonly name: string;
  /** Names of the roles in force, inherited ones included, sorted. */
  readonly roles: readonly string[];
  /** Display names of the person's teams in it, sorted. */
  readonly teams: readonly string[];
  /** Resource server identifier → permission values. */
  readonly permissions: ReadonlyMap<string, ReadonlySet<string>>;
};

/** Adds `assigned (role_id)`: what `person` has at `at` in the organizations above, themselves and through teams. */
export const assignedInOrganization = (person: string, at: string): string => /* sql */ `
  assigned (role_id) AS (
    SELECT a.role_id FROM organization_above o JOIN organization_role_assignments a ON a.organization_id = o.id
    WHERE (a.user_id = ${person} OR a.group_id IN (SELECT group_id FROM member_of))
      AND (a.starts_at IS NULL OR a.starts_at <= ${at}) AND (a.ends_at IS NULL OR a.ends_at > ${at})
  )`;

const ACCESS = /* sql */ `
  WITH RECURSIVE ${organizationsAbove('$2')}, ${groupsOfPerson('$1')}, ${assignedInOrganization('$1', '$3')}, reached (role_id) AS (
    SELECT role_id FROM assigned
    UNION
    SELECT i.inherits_role_id FROM reached JOIN role_inheritance i ON i.role_id = reached.role_id
  )
  SELECT o.id, o.name,
    ARRAY(SELECT roles.name FROM reached JOIN roles ON roles.id = reached.role_id ORDER BY roles.name COLLATE "C") AS roles,
    ARRAY(SELECT g.display_name FROM member_of JOIN groups g ON g.id = member_of.group_id
      WHERE g.organization_id = $2 ORDER BY g.display_name COLLATE "C") AS teams,
    (SELECT coalesce(json_agg(json_build_array(given.identifier, given.value)), '[]') FROM (
      SELECT DISTINCT servers.identifier, permissions.value
      FROM reached JOIN role_permissions held ON held.role_id = reached.role_id
      JOIN permissions ON permissions.id = held.permission_id
      JOIN resource_servers servers ON servers.id = permissions.resource_server_id) given) AS permissions
  FROM organizations o
  WHERE o.id = $2
    AND EXISTS (SELECT FROM users WHERE users.id = $1 AND ${personInForce('$3')})
    AND NOT EXISTS (SELECT FROM organization_above above WHERE above.status <> 'active')
    AND EXISTS (SELECT FROM organization_above above JOIN organization_members m ON m.organization_id = above.id
      WHERE m.user_id = $1)`;

type Row = Omit<OrganizationAccess, 'permissions'> & { readonly permissions: readonly (readonly [string, string])[] };

/** Undefined for who is no member of it, nor of one above; for someone not let in; and where it, or one above, is suspended. */
export type FindOrganizationAccess = (
  userId: string,
  organizationId: string,
  at: Date,
) => Promise<OrganizationAccess | undefined>;

/** Asked of the database each time: nothing has to be forgotten when anything changes. */
export const createOrganizationAccess =
  (read: Reader): FindOrganizationAccess =>
  async (userId, organizationId, at) => {
    if (!isUuid(userId) || !isUuid(organizationId)) return undefined;
    const [row] = await read.query<Row>(ACCESS, [userId, organizationId, at]);
    if (row === undefined) return undefined;
    const permissions = new Map<string, Set<string>>();
    for (const [resource, value] of row.permissions)
      permissions.set(resource, (permissions.get(resource) ?? new Set()).add(value));
    return { ...row, permissions };
  };
