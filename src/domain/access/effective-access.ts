/** What someone may do at one moment. Sets and arrays are shared between callers and must not be changed. */
export type EffectiveAccess = {
  /** Names of the roles in force, inherited ones included, sorted. */
  readonly roles: readonly string[];
  /** Display names of the person's groups and of the groups these are in, sorted. */
  readonly groups: readonly string[];
  /** Resource server identifier → permission values. */
  readonly permissions: ReadonlyMap<string, ReadonlySet<string>>;
  /** A client of this organization: what it may do, it may do there and below. */
  readonly organizationId?: string;
};

/** One assignment with its period in milliseconds since the epoch; a bound that is null is open. */
export type AssignedRole = {
  readonly roleId: string;
  readonly startsAtMs: number | null;
  readonly endsAtMs: number | null;
};

/** Everything needed to tell a subject's access at any moment until the next administrative change. */
export type AccessFacts = {
  /** The person is let in between their first and last day, or the client enabled; otherwise nothing is in force. */
  readonly isActive: boolean;
  /** The person's first and last day. */
  readonly startsAtMs: number | null;
  readonly endsAtMs: number | null;
  readonly groups: readonly string[];
  readonly assignments: readonly AssignedRole[];
  /** [assigned role id, name of it or of a role it inherits] */
  readonly roles: readonly (readonly [string, string])[];
  /** [assigned role id, resource server identifier, permission value] */
  readonly rolePermissions: readonly (readonly [string, string, string])[];
  /** [resource server identifier, permission value] given to the client itself, without a role. */
  readonly directPermissions: readonly (readonly [string, string])[];
  /** The organization of the client. */
  readonly organizationId?: string | null;
};

/** `access` holds from `fromMs` (inclusive) to `untilMs` (exclusive). */
export type AccessPeriod = { readonly fromMs: number; readonly untilMs: number; readonly access: EffectiveAccess };

export const NO_ACCESS: EffectiveAccess = { roles: [], groups: [], permissions: new Map() };

/** A period includes its start and excludes its end. */
export const isInForce = (period: Pick<AssignedRole, 'startsAtMs' | 'endsAtMs'>, atMs: number): boolean =>
  (period.startsAtMs === null || period.startsAtMs <= atMs) && (period.endsAtMs === null || atMs < period.endsAtMs);

export function evaluateAccess(facts: AccessFacts, atMs: number): AccessPeriod {
  if (!facts.isActive)
    return { fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY, access: NO_ACCESS };
  const inForce = new Set<string>();
  let fromMs = Number.NEGATIVE_INFINITY;
  let untilMs = Number.POSITIVE_INFINITY;
  for (const period of [facts, ...facts.assignments]) {
    for (const bound of [period.startsAtMs, period.endsAtMs]) {
      if (bound === null) continue;
      if (bound <= atMs) fromMs = Math.max(fromMs, bound);
      else untilMs = Math.min(untilMs, bound);
    }
  }
  if (!isInForce(facts, atMs)) return { fromMs, untilMs, access: NO_ACCESS };
  for (const assignment of facts.assignments) if (isInForce(assignment, atMs)) inForce.add(assignment.roleId);
  return { fromMs, untilMs, access: { ...accessThrough(facts, inForce), groups: facts.groups, ...scopeOf(facts) } };
}

const scopeOf = ({ organizationId }: AccessFacts) => (organizationId ? { organizationId } : {});

function accessThrough(facts: AccessFacts, roleIds: ReadonlySet<string>): Omit<EffectiveAccess, 'groups'> {
  const names = new Set<string>();
  for (const [roleId, name] of facts.roles) if (roleIds.has(roleId)) names.add(name);
  const permissions = new Map<string, Set<string>>();
  const give = (resource: string, value: string): void => {
    const values = permissions.get(resource);
    if (values === undefined) permissions.set(resource, new Set([value]));
    else values.add(value);
  };
  for (const [roleId, resource, value] of facts.rolePermissions) if (roleIds.has(roleId)) give(resource, value);
  for (const [resource, value] of facts.directPermissions) give(resource, value);
  return { roles: [...names].sort(), permissions };
}
