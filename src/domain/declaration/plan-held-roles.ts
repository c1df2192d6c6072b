import { groupBy } from '../../kernel/group-by.ts';
import type { ClientId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { assignRole } from '../access/assign-role.ts';
import { removeRoleAssignment } from '../access/remove-role-assignment.ts';
import { updateRoleAssignment } from '../access/update-role-assignment.ts';
import { type CurrentAssignment, type CurrentState, type Item, itemOf, MANAGED_BY } from './current-state.ts';
import type { HeldRole } from './declaration-schema.ts';
import { idOf, type Known, type Step } from './plan-step.ts';
import { reactivated } from './reactivated.ts';

/** One entry of the file and the roles it is to have; `subject` as in {@link CurrentAssignment}. */
export type Holder = { readonly subject: string; readonly name: string; readonly roles: readonly HeldRole[] };

export type HeldRolesPlan = {
  readonly additions: readonly Step[];
  readonly removals: readonly Step[];
  readonly notes: readonly string[];
  readonly items: readonly Item[];
};

export type HeldRolesParts = { readonly reactivate: boolean; readonly now: Date };

/** Assignments a file made follow it; those that somebody else ended since do not come back. */
export function planHeldRoles(holders: readonly Holder[], state: CurrentState, parts: HeldRolesParts): HeldRolesPlan {
  const bySubject = groupBy(state.assignments, ({ subject }) => subject);
  const plans = holders.map((holder) => planHolder(holder, bySubject.get(holder.subject) ?? [], state, parts));
  return {
    additions: plans.flatMap(({ additions }) => additions),
    removals: plans.flatMap(({ removals }) => removals),
    notes: plans.flatMap(({ notes }) => notes),
    items: holders.flatMap(({ subject, roles }) => roles.map(({ role }) => itemFor(subject, role))),
  };
}

const itemFor = (subject: string, role: string): Item => ({ kind: 'role_assignment', subject, object: role });
const startOf = ({ startsAt }: Pick<HeldRole, 'startsAt'>): number | undefined => startsAt?.getTime();
const isSame = (held: HeldRole, current: CurrentAssignment): boolean =>
  held.role === current.role && startOf(held) === startOf(current);

function planHolder(
  holder: Holder,
  current: readonly CurrentAssignment[],
  state: CurrentState,
  parts: HeldRolesParts,
): Omit<HeldRolesPlan, 'items'> {
  const additions: Step[] = [];
  const notes: string[] = [];
  const own = current.filter(({ managedBy }) => managedBy === MANAGED_BY);
  for (const held of holder.roles) {
    const before = current.find((one) => isSame(held, one));
    if (before !== undefined) {
      additions.push(...(before.managedBy === MANAGED_BY ? change(holder, held, before, parts, notes) : []));
      continue;
    }
    const wasMade = state.items.has(itemOf(itemFor(holder.subject, held.role)));
    // Another start of the same assignment is the operator's own change.
    const hasEnded = wasMade && !own.some(({ role }) => role === held.role);
    if (hasEnded && !parts.reactivate)
      notes.push(
        `${holder.name} had the role ${held.role} taken away since, and does not get it again (--reactivate gives it)`,
      );
    else additions.push(assignment(holder, held, hasEnded));
  }
  const removals = own
    .filter((one) => !holder.roles.some((held) => isSame(held, one)))
    .map((one) => removal(holder, one));
  return { additions, removals, notes };
}

function assignment({ subject, name }: Holder, held: HeldRole, isReactivation: boolean): Step {
  const { role, ...period } = held;
  return {
    action: isReactivation ? 'reactivate' : 'create',
    noun: 'role assignment',
    name: `${role} to ${name}`,
    changed: Object.fromEntries(Object.entries(period).flatMap(([key, to]) => (to === null ? [] : [[key, { to }]]))),
    async run(tx, { known }) {
      const roleId = idOf(known.roleIds, role);
      const made = await assignRole(tx, { roleId, ...idsOf(subject, known), ...period, managedBy: MANAGED_BY });
      if (isReactivation) reactivated(tx, { type: 'role_assignment', id: made.id }, 'role assignment');
    },
  };
}

/** The columns of a subject. */
function idsOf(subject: string, known: Known) {
  const key = subject.slice(subject.indexOf(':') + 1);
  if (subject.startsWith('user:')) return { userId: idOf(known.userIds, key) };
  if (subject.startsWith('group:')) return { groupId: idOf(known.groupIds, key) };
  return { clientId: key as ClientId };
}

/** An end may come nearer by a file; what somebody else ended, or shortened, is not made longer again. */
function change(
  holder: Holder,
  held: HeldRole,
  before: CurrentAssignment,
  { reactivate }: HeldRolesParts,
  notes: string[],
): readonly Step[] {
  const was = before.endsAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const is = held.endsAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const isLonger = is > was;
  if (isLonger && !reactivate)
    notes.push(
      `the role ${held.role} of ${holder.name} ends at ${before.endsAt?.toISOString()} and is not made longer (--reactivate does)`,
    );
  const endsAt = isLonger && !reactivate ? before.endsAt : held.endsAt;
  const changed = {
    ...(endsAt?.getTime() === before.endsAt?.getTime() ? {} : { endsAt: { from: before.endsAt, to: endsAt } }),
    ...(held.reason === before.reason ? {} : { reason: { from: before.reason, to: held.reason } }),
  };
  if (Object.keys(changed).length === 0) return [];
  const isReactivation = isLonger && reactivate;
  const run = async (tx: Tx) => {
    await updateRoleAssignment(tx, { id: before.id, patch: { endsAt, reason: held.reason } });
    if (isReactivation) reactivated(tx, { type: 'role_assignment', id: before.id }, 'role assignment');
  };
  const action = isReactivation ? 'reactivate' : 'update';
  return [{ action, noun: 'role assignment', name: `${held.role} to ${holder.name}`, changed, run }];
}

const removal = (holder: Holder, { id, role }: CurrentAssignment): Step => ({
  action: 'delete',
  noun: 'role assignment',
  name: `${role} to ${holder.name}`,
  run: (tx) => removeRoleAssignment(tx, { id }),
});
