import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { groupsBelow } from '../groups/groups-above.ts';
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
  /** From the group the person is in to the one that has the role. */
  readonly groups: readonly { readonly id: string; readonly name: string }[] | null;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly permissionId: string;
};

/**
 * `giving` are the roles from which the permission is reached: only ways through them are walked. `subject` ends in a CTE
 * `assigned (nr, id, role_id, starts_at, ends_at, reason, groups)`, numbered because several ways through groups lead to one assignment.
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
    (SELECT json_agg(json_build_object('id', groups.id, 'name', groups.display_name) ORDER BY step.place)
      FROM unnest(assigned.groups) WITH ORDINALITY AS step (id, place) JOIN groups ON groups.id = step.id) AS groups,
    (SELECT json_agg(json_build_object('id', roles.id, 'name', roles.name) ORDER BY step.place)
      FROM unnest(found.path) WITH ORDINALITY AS step (id, place) JOIN roles ON roles.id = step.id) AS roles
  FROM found JOIN assigned ON assigned.nr = found.nr`;

const USER_PATHS = pathsFrom(`
  holding (group_id) AS (
    SELECT group_id FROM role_assignments WHERE group_id IS NOT NULL AND role_id IN (SELECT role_id FROM giving)
  ), ${groupsBelow('SELECT group_id FROM holding')}, way (group_id, path) AS (
    SELECT group_id, ARRAY[group_id] FROM group_members
    WHERE user_id = $1::uuid AND group_id IN (SELECT group_id FROM below)
    UNION ALL
    SELECT i.group_id, way.path || i.group_id FROM way JOIN group_inclusions i ON i.included_group_id = way.group_id
    WHERE i.group_id IN (SELECT group_id FROM below) AND i.group_id <> ALL (way.path)
  ), assigned AS (
    SELECT row_number() OVER () AS nr, found.* FROM (
      SELECT id, role_id, starts_at, ends_at, reason, NULL::uuid[] AS groups FROM role_assignments WHERE user_id = $1::uuid
      UNION ALL
      SELECT a.id, a.role_id, a.starts_at, a.ends_at, a.reason, way.path
      FROM (SELECT * FROM way LIMIT ${MOST_GROUP_PATHS}) way JOIN role_assignments a ON a.group_id = way.group_id) found
  )`);
const CLIENT_PATHS = pathsFrom(`
  assigned AS (
    SELECT row_number() OVER () AS nr, id, role_id, starts_at, ends_at, reason, NULL::uuid[] AS groups
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
  const [user] = isUuid(userId)
    ? await read.query<{ name: string; active: boolean }>(
        `SELECT user_name AS name, ${personInForce('$2')} AS active FROM users WHERE id = $1`,
        [userId, input.at],
      )
    : [];
  if (user === undefined) throw notFound('users.not_found', { detail: 'there is no user with this id' });
  const inactive: ExplainedMiss | undefined = user.active
    ? undefined
    : { code: 'user_inactive', detail: `${user.name} is not active` };
  return explain(read, input, { type: 'user', id: userId, name: user.name }, inactive, USER_PATHS);
}

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
): Promise<Explanation> {
  const permissions = await findPermissionsNamed(read, input.permission, input.resource);
  const ids = permissions.map(({ id }) => id);
  const known = new Map(permissions.map((permission) => [permission.id, permission]));
  const rows = await read.query<PathRow>(statement, [subject.id, ids]);
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
