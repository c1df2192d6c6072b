import type { ClientSecretKeeper } from '../clients/client-secret-keeper.ts';
import {
  type CurrentState,
  clientSubject,
  groupSubject,
  type Item,
  itemOf,
  subjectsOf,
  userSubject,
} from './current-state.ts';
import type { Declaration, DeclaredUser } from './declaration-schema.ts';
import { planBrandings } from './plan-brandings.ts';
import { planClients } from './plan-clients.ts';
import { type Holder, planHeldRoles } from './plan-held-roles.ts';
import { planInclusions } from './plan-inclusions.ts';
import { leftoversOf, planRemovals } from './plan-leftovers.ts';
import { planManagers } from './plan-managers.ts';
import { planMemberships } from './plan-memberships.ts';
import { planOrganizationMembers } from './plan-organization-members.ts';
import { planOrganizations } from './plan-organizations.ts';
import { planGroups, planPeople } from './plan-people.ts';
import { planPolicies } from './plan-policies.ts';
import { planResourceServers } from './plan-resource-servers.ts';
import { planRoles } from './plan-roles.ts';
import type { Step } from './plan-step.ts';
import { planUserAttributes } from './plan-user-attributes.ts';

export type PlanOptions = {
  readonly prune: boolean;
  readonly reactivate: boolean;
  readonly keeper: ClientSecretKeeper;
  readonly now: Date;
};

export type Plan = {
  readonly steps: readonly Step[];
  /** What the file says and is not done, and why. */
  readonly notes: readonly string[];
  /** What files have made and this one does not name; removed with `prune` alone. */
  readonly leftovers: readonly string[];
  readonly created: readonly DeclaredUser[];
  readonly newItems: readonly Item[];
  readonly oldItems: readonly string[];
};

/** Compares; changes nothing. The steps are in the order in which they can run. */
export function planDeclaration(declaration: Declaration, state: CurrentState, options: PlanOptions): Plan {
  const servers = planResourceServers(declaration.resourceServers, state, options);
  const roles = planRoles(declaration.roles, state);
  const organizations = planOrganizations(declaration.organizations, state, options);
  const clients = planClients(declaration.clients, state, options);
  const attributes = planUserAttributes(declaration.userAttributes, state);
  const policies = planPolicies(declaration.policies, state);
  const brandings = planBrandings(declaration.brandings, state);
  const people = planPeople(declaration.users, state, options);
  const { present } = people;
  const managers = planManagers(declaration.users, state, present);
  const memberships = planMemberships(declaration.users, state, { ...options, present });
  const members = planOrganizationMembers(declaration.users, state, { ...options, present });
  const held = planHeldRoles(holdersOf(declaration, present), state, options);
  const leftovers = leftoversOf(declaration, state);
  const steps = [
    ...servers.steps,
    ...roles.steps,
    ...organizations.steps,
    ...clients.steps,
    ...planGroups(declaration.groups, state),
    ...planInclusions(declaration.groups, state.inclusions),
    ...attributes.steps,
    ...policies.steps,
    ...brandings.steps,
    ...people.steps,
    ...managers.steps,
    ...memberships.additions,
    ...members.steps,
    ...held.additions,
    // Last, so that the one who takes over as administrator is there before the other goes.
    ...memberships.removals,
    ...held.removals,
    ...(options.prune ? planRemovals(leftovers) : []),
  ];
  const wanted = [
    ...declaration.users.map(
      ({ input }) => ({ kind: 'user', subject: userSubject(input.userName), object: '' }) as const,
    ),
    ...clients.items,
    ...memberships.items,
    ...members.items,
    ...held.items,
  ];
  return {
    steps,
    notes: [
      ...[roles, organizations, clients, attributes, policies, brandings],
      ...[people, managers, memberships, members, held],
    ].flatMap(({ notes }) => notes),
    leftovers: [...servers.leftovers, ...(options.prune ? [] : leftovers.map(({ noun, name }) => `${noun} ${name}`))],
    created: people.created,
    ...itemChanges(wanted, declaration, state, present),
  };
}

/** A person who is not made again keeps what is remembered of them. */
function itemChanges(
  wanted: readonly Item[],
  declaration: Declaration,
  { items }: CurrentState,
  present: ReadonlySet<string>,
): Pick<Plan, 'newItems' | 'oldItems'> {
  const keys = new Set(wanted.map(itemOf));
  const decided = new Set(
    subjectsOf(declaration).filter((subject) => !subject.startsWith('user:') || present.has(subject)),
  );
  return {
    newItems: wanted.filter((item) => !items.has(itemOf(item))),
    oldItems: [...items].filter((key) => !keys.has(key) && decided.has(key.split('\n')[1] ?? '')),
  };
}

function holdersOf({ users, groups, clients }: Declaration, present: ReadonlySet<string>): readonly Holder[] {
  return [
    ...groups.map(({ input, roles }) => ({
      subject: groupSubject(input.displayName),
      name: `group ${input.displayName}`,
      roles,
    })),
    ...clients.map(({ input, roles }) => ({
      subject: clientSubject(input.client_id ?? ''),
      name: `client ${input.client_id}`,
      roles,
    })),
    ...users
      .map(({ input, roles }) => ({ subject: userSubject(input.userName), name: input.userName, roles }))
      .filter(({ subject }) => present.has(subject)),
  ];
}
