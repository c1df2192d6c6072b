import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { groupsBelow } from '../groups/groups-above.ts';
import { getOrganization } from '../organizations/organization.ts';
import { organizationsAbove } from '../organizations/organizations-in-reach.ts';
import { personInForce } from '../users/standing.ts';
import { isInForce } from './effective-access.ts';
import {
  type ExplainedMiss,
  type ExplainedPath,
  type ExplainedState,
  type ExplainedStep,
  type ExplainInput,
  type Explanation,
  explanationOf,
  findPermissionsNamed,
  type KnownPermission,
} from './explanation.ts';

/** A web of roles can hold more ways than anyone reads. */
const MOST_PATHS = 100;
const MOST_ROLES = 20;
const MOST_GROUP_PATHS = 1000;

type PathRow = {
  readonly assignmentId: string;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly reason: string | null;
  /** Within which it is assigned; null: everywhere. */
  readonly organization: { readonly id: string; readonly name: string } | null;
  /** From the group the person is in to the one that has the role. */
  readonly groups: readonly { readonly id: string; readonly name: string }[] | null;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly permissionId: string;
};

/**
 * `giving` are the roles from which the permission is reached: only ways through them are walked. `subject` ends in a CTE
 * `assigned (nr, id, role_id, starts_at, ends_at, reason, groups, organization_id)`, numbered because several ways through groups lead to one assignment.
 */
const pathsFrom = (subject: string): string => /* sql */ `
  WITH RECURSIVE giving (role_id) AS (
    SELECT role_id FROM role_permissions WHERE permission_id = ANY ($2::uuid[])
    UNION
    SELECT i.role_id FROM giving JOIN role_inheritance i ON i.inherits_role_id = giving.role_id
  ), ${subject}, walk (nr, role_id, path) AS (
    SELECT nr, role_id, ARRAY[role_id] FROM assigned WHERE role_id IN (SELECT role_id FROM giving)
    UNION ALL
    SELECT walk.nr, i.inherits_role_id, walk.path || i.inherits_role_id
    FROM walk JOIN role_inheritance i ON i.role_id = walk.role_id
    WHERE i.inherits_role_id IN (SELECT role_id FROM giving) AND i.inherits_role_id <> ALL (walk.path)
  ), found AS (
    SELECT walk.nr, walk.path, held.permission_id
    FROM walk JOIN role_permissions held ON held.role_id = walk.role_id AND held.permission_id = ANY ($2::uuid[])
    LIMIT ${MOST_PATHS + 1}
  )
  SELECT assigned.id AS "assignmentId", assigned.starts_at AS "startsAt", assigned.ends_at AS "endsAt", assigned.reason,
    found.permission_id AS "permissionId",
    (SELECT json_build_object('id', o.id, 'name', o.name) FROM organizations o WHERE o.id = assigned.organization_id) AS organization,
    (SELECT json_agg(json_build_object('id', groups.id, 'name', groups.display_name) ORDER BY step.place)
      FROM unnest(assigned.groups) WITH ORDINALITY AS step (id, place) JOIN groups ON groups.id = step.id) AS groups,
    (SELECT json_agg(json_build_object('id', roles.id, 'name', roles.name) ORDER BY step.place)
      FROM unnest(found.path) WITH ORDINALITY AS step (id, place) JOIN roles ON roles.id = step.id) AS roles
  FROM found JOIN assigned ON assigned.nr = found.nr`;

const WITH_COLUMNS = 'a.id, a.role_id, a.starts_at, a.ends_at, a.reason';

/** `assignments` is a table of role assignments `a` and what they must meet; `organization` where they hold. */
const userPaths = ({ before = '', assignments, where, organization }: UserPaths): string =>
  pathsFrom(`${before}
  holding (group_id) AS (
    SELECT a.group_id FROM ${assignments} a WHERE a.group_id IS NOT NULL AND a.role_id IN (SELECT role_id FROM giving) AND ${where}
  ), ${groupsBelow('SELECT group_id FROM holding')}, way (group_id, path) AS (
    SELECT group_id, ARRAY[group_id] FROM group_members
    WHERE user_id = $1::uuid AND group_id IN (SELECT group_id FROM below)
    UNION ALL
    SELECT i.group_id, way.path || i.group_id FROM way JOIN group_inclusions i ON i.included_group_id = way.group_id
    WHERE i.group_id IN (SELECT group_id FROM below) AND i.group_id <> ALL (way.path)
  ), assigned AS (
    SELECT row_number() OVER () AS nr, found.* FROM (
      SELECT ${WITH_COLUMNS}, NULL::uuid[] AS groups, ${organization} AS organization_id
      FROM ${assignments} a WHERE a.user_id = $1::uuid AND ${where}
      UNION ALL
      SELECT ${WITH_COLUMNS}, way.path, ${organization}
      FROM (SELECT * FROM way LIMIT ${MOST_GROUP_PATHS}) way JOIN ${assignments} a ON a.group_id = way.group_id AND ${where}) found
  )`);

type UserPaths = Readonly<Record<'assignments' | 'where' | 'organization', string>> & { readonly before?: string };

const USER_PATHS = userPaths({ assignments: 'role_assignments', where: 'true', organization: 'NULL::uuid' });
const USER_PATHS_WITHIN = userPaths({
  before: `${organizationsAbove('$3::uuid')},`,
  assignments: 'organization_role_assignments',
  where: 'a.organization_id IN (SELECT id FROM organization_above)',
  organization: 'a.organization_id',
});
const CLIENT_PATHS = pathsFrom(`
  assigned AS (
    SELECT row_number() OVER () AS nr, id, role_id, starts_at, ends_at, reason, NULL::uuid[] AS groups, NULL::uuid AS organization_id
    FROM role_assignments WHERE client_id = $1::text
  )`);

const GIVING_ROLES = /* sql */ `
  WITH RECURSIVE giving (role_id) AS (
    SELECT role_id FROM role_permissions WHERE permission_id = ANY ($1::uuid[])
    UNION
    SELECT i.role_id FROM giving JOIN role_inheritance i ON i.inherits_role_id = giving.role_id
  ) SELECT roles.name FROM giving JOIN roles ON roles.id = giving.role_id ORDER BY roles.name LIMIT ${MOST_ROLES}`;

/** Every way in which a person has, had or will have a permission, or what comes nearest. Throws `not_found` for the person. */
export async function explainUserPermission(
  read: Reader,
  { userId, ...input }: ExplainInput & { readonly userId: string },
): Promise<Explanation> {
  const { subject, inactive } = await subjectOf(read, userId, input.at);
  return explain(read, input, subject, inactive, USER_PATHS);
}

async function subjectOf(read: Reader, userId: string, at: Date): Promise<Subject> {
  const [user] = isUuid(userId)
    ? await read.query<{ name: string; active: boolean }>(
        `SELECT user_name AS name, ${personInForce('$2')} AS active FROM users WHERE id = $1`,
        [userId, at],
      )
    : [];
  if (user === undefined) throw notFound('users.not_found', { detail: 'there is no user with this id' });
  const inactive = user.active ? undefined : miss('user_inactive', `${user.name} is not active`);
  return { subject: { type: 'user', id: userId, name: user.name }, inactive };
}

const STANDING = /* sql */ `
  WITH RECURSIVE ${organizationsAbove('$2::uuid')}
  SELECT (SELECT name FROM organizations WHERE id = $2::uuid) AS name,
    EXISTS (SELECT FROM organization_above WHERE status <> 'active') AS "isSuspended",
    EXISTS (SELECT FROM organization_members m WHERE m.user_id = $1 AND m.organization_id IN (SELECT id FROM organization_above))
      AS "isMember"`;

/**
 * What a token for this organization holds: by roles that are assigned in it or in one above. Whoever acts for an organization sees the
 * ways that lie within it. Throws `not_found` for the person and for the organization.
 */
export async function explainUserPermissionWithin(
  read: Reader,
  { userId, organizationId, ...input }: ExplainInput & { readonly userId: string; readonly organizationId: string },
): Promise<Explanation> {
  const organization = await getOrganization(read, organizationId);
  const { subject, inactive } = await subjectOf(read, userId, input.at);
  const [standing] = await read.query<{ isSuspended: boolean; isMember: boolean }>(STANDING, [userId, organization.id]);
  const outside = standing?.isSuspended
    ? miss('organization_suspended', `${organization.name}, or an organization above it, is suspended`)
    : standing?.isMember
      ? undefined
      : miss('not_a_member', `${subject.name} is no member of ${organization.name}, nor of an organization above it`);
  return explain(read, input, subject, inactive ?? outside, USER_PATHS_WITHIN, [organization.id]);
}

type Subject = { readonly subject: ExplainedStep; readonly inactive: ExplainedMiss | undefined };

const miss = (code: ExplainedMiss['code'], detail: string): ExplainedMiss => ({ code, detail });

/** As {@link explainUserPermission}, with the permissions the client has of its own. Throws `not_found` for the client. */
export async function explainClientPermission(
  read: Reader,
  { clientId, ...input }: ExplainInput & { readonly clientId: string },
): Promise<Explanation> {
  const [client] = await read.query<{ name: string | null; enabled: boolean }>(
    'SELECT client_name AS name, enabled FROM clients WHERE client_id = $1',
    [clientId],
  );
  if (client === undefined) throw notFound('clients.not_found', { detail: 'there is no client with this client_id' });
  const subject: ExplainedStep = { type: 'client', id: clientId, name: client.name ?? clientId };
  const inactive: ExplainedMiss | undefined = client.enabled
    ? undefined
    : { code: 'client_disabled', detail: `${subject.name} is disabled` };
  return explain(read, input, subject, inactive, CLIENT_PATHS);
}

async function explain(
  read: Reader,
  input: ExplainInput,
  subject: ExplainedStep,
  inactive: ExplainedMiss | undefined,
  statement: string,
  more: readonly unknown[] = [],
): Promise<Explanation> {
  const permissions = await findPermissionsNamed(read, input.permission, input.resource);
  const ids = permissions.map(({ id }) => id);
  const known = new Map(permissions.map((permission) => [permission.id, permission]));
  const rows = await read.query<PathRow>(statement, [subject.id, ids, ...more]);
  const throughRoles = rows.slice(0, MOST_PATHS).flatMap((row) => {
    const permission = known.get(row.permissionId);
    return permission === undefined ? [] : [pathOf(row, subject, permission, input.at)];
  });
  const direct = subject.type === 'client' ? await directPaths(read, subject, known) : [];
  const giving = throughRoles.length > 0 ? [] : await read.query<{ name: string }>(GIVING_ROLES, [ids]);
  return explanationOf(input, {
    subject,
    inactive,
    permissions,
    paths: [...direct, ...throughRoles],
    truncated: rows.length > MOST_PATHS,
    givingRoles: giving.map(({ name }) => name),
  });
}

async function directPaths(
  read: Reader,
  subject: ExplainedStep,
  known: ReadonlyMap<string, KnownPermission>,
): Promise<readonly ExplainedPath[]> {
  const rows = await read.query<{ id: string }>(
    'SELECT permission_id AS id FROM client_permissions WHERE client_id = $1 AND permission_id = ANY ($2::uuid[])',
    [subject.id, [...known.keys()]],
  );
  return rows.flatMap(({ id }): readonly ExplainedPath[] => {
    const permission = known.get(id);
    if (permission === undefined) return [];
    const period = { startsAt: null, endsAt: null, reason: null, state: 'in_force' } as const;
    const steps = [subject, stepOf(permission)];
    return [{ resource: permission.resource, roleAssignmentId: undefined, ...period, steps }];
  });
}

function pathOf(row: PathRow, subject: ExplainedStep, permission: KnownPermission, at: Date): ExplainedPath {
  return {
    resource: permission.resource,
    roleAssignmentId: row.assignmentId,
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    reason: row.reason,
    state: stateAt(row, at),
    steps: [
      subject,
      ...(row.organization === null ? [] : [{ type: 'organization' as const, ...row.organization }]),
      ...(row.groups ?? []).map(({ id, name }): ExplainedStep => ({ type: 'group', id, name })),
      ...row.roles.map(({ id, name }): ExplainedStep => ({ type: 'role', id, name })),
      stepOf(permission),
    ],
  };
}

const stepOf = ({ id, value }: KnownPermission): ExplainedStep => ({ type: 'permission', id, name: value });

function stateAt({ startsAt, endsAt }: Pick<PathRow, 'startsAt' | 'endsAt'>, at: Date): ExplainedState {
  const period = { startsAtMs: startsAt?.getTime() ?? null, endsAtMs: endsAt?.getTime() ?? null };
  if (isInForce(period, at.getTime())) return 'in_force';
  return period.startsAtMs !== null && at.getTime() < period.startsAtMs ? 'not_started' : 'ended';
}
