import type { Reader } from '../../persistence/unit-of-work.ts';

/** One step on the way from a subject to a permission. */
export type ExplainedStep = {
  readonly type: 'user' | 'client' | 'organization' | 'group' | 'role' | 'permission';
  readonly id: string;
  readonly name: string;
};

export type ExplainedState = 'in_force' | 'not_started' | 'ended';

/** One way in which a subject has a permission: assignments lead from the first step to the last. */
export type ExplainedPath = {
  /** Identifier of the resource server whose permission it is. */
  readonly resource: string;
  /** Absent where the permission was given to the client itself. */
  readonly roleAssignmentId: string | undefined;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly reason: string | null;
  readonly state: ExplainedState;
  readonly steps: readonly ExplainedStep[];
};

/** Why there is no path in force, nearest miss first. */
export type ExplainedMiss = {
  readonly code:
    | 'permission_unknown'
    | 'user_inactive'
    | 'client_disabled'
    | 'not_a_member'
    | 'organization_suspended'
    | 'assignment_not_started'
    | 'assignment_ended'
    | 'not_assigned'
    | 'in_no_role';
  readonly detail: string;
};

export type Explanation = {
  readonly subject: ExplainedStep;
  readonly permission: string;
  /** Asked for one resource server only. */
  readonly resource: string | undefined;
  readonly at: Date;
  readonly held: boolean;
  readonly paths: readonly ExplainedPath[];
  /** There were more paths than are told. */
  readonly truncated: boolean;
  readonly misses: readonly ExplainedMiss[];
};

export type KnownPermission = { readonly id: string; readonly value: string; readonly resource: string };

export async function findPermissionsNamed(
  read: Reader,
  value: string,
  resource: string | undefined,
): Promise<readonly KnownPermission[]> {
  return read.query<KnownPermission>(
    `SELECT permissions.id, permissions.value, servers.identifier AS resource
     FROM permissions JOIN resource_servers servers ON servers.id = permissions.resource_server_id
     WHERE permissions.value = $1 AND ($2::text IS NULL OR servers.identifier = $2) ORDER BY servers.identifier`,
    [value, resource ?? null],
  );
}

export type ExplainInput = {
  readonly permission: string;
  readonly resource?: string | undefined;
  readonly at: Date;
};

type Found = {
  readonly subject: ExplainedStep;
  readonly inactive: ExplainedMiss | undefined;
  readonly permissions: readonly KnownPermission[];
  readonly paths: readonly ExplainedPath[];
  readonly truncated: boolean;
  /** Roles that give the permission, themselves or by inheritance. */
  readonly givingRoles: readonly string[];
};

/** Weighs what was found into an answer. */
export function explanationOf(input: ExplainInput, found: Found): Explanation {
  const order = { in_force: 0, not_started: 1, ended: 2 } as const;
  const paths = [...found.paths].sort((a, b) => order[a.state] - order[b.state] || a.steps.length - b.steps.length);
  const held = found.inactive === undefined && paths[0]?.state === 'in_force';
  return {
    subject: found.subject,
    permission: input.permission,
    resource: input.resource,
    at: input.at,
    held,
    paths,
    truncated: found.truncated,
    misses: held ? [] : missesOf(input, { ...found, paths }),
  };
}

function missesOf(input: ExplainInput, found: Found): readonly ExplainedMiss[] {
  if (found.permissions.length === 0) return [unknownPermission(input)];
  const misses: ExplainedMiss[] = found.inactive === undefined ? [] : [found.inactive];
  for (const path of found.paths) {
    const role = path.steps.find(({ type }) => type === 'role')?.name;
    if (path.state === 'not_started')
      misses.push({
        code: 'assignment_not_started',
        detail: `the assignment of ${role} starts at ${path.startsAt?.toISOString()}`,
      });
    if (path.state === 'ended')
      misses.push({
        code: 'assignment_ended',
        detail: `the assignment of ${role} ended at ${path.endsAt?.toISOString()}`,
      });
  }
  if (found.paths.length > 0) return misses;
  return [...misses, found.givingRoles.length === 0 ? inNoRole(input) : notAssigned(found)];
}

const unknownPermission = ({ permission, resource }: ExplainInput): ExplainedMiss => ({
  code: 'permission_unknown',
  detail: `${resource ?? 'no resource server'} has ${resource === undefined ? 'a' : 'no'} permission ${permission}`,
});

const inNoRole = ({ permission }: ExplainInput): ExplainedMiss => ({
  code: 'in_no_role',
  detail: `no role has the permission ${permission}`,
});

const notAssigned = ({ subject, givingRoles }: Found): ExplainedMiss => ({
  code: 'not_assigned',
  detail: `${subject.name} has none of the roles that give it: ${givingRoles.join(', ')}`,
});
