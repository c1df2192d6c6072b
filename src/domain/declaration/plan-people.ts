import { comparisonKey } from '../../kernel/text.ts';
import { admitUser } from '../lifecycle/admit-user.ts';
import { amendUser } from '../lifecycle/amend-user.ts';
import { changeGroup } from '../lifecycle/change-group.ts';
import { foundGroup } from '../lifecycle/fill-group.ts';
import { attributeChanges } from '../users/attribute-changes.ts';
import { CUSTOM } from '../users/custom-input.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';
import { isPersonInForce } from '../users/standing.ts';
import { firstStanding } from '../users/standing-input.ts';
import type { AttributePatch } from '../users/update-user.ts';
import { attributesOf, keptAttributes, type UserAttributes } from '../users/user.ts';
import { type CurrentState, type CurrentUser, itemOf, userSubject } from './current-state.ts';
import type { Declaration, DeclaredUser } from './declaration-schema.ts';
import { withoutNamedManager } from './plan-managers.ts';
import { additions, type Changes, type Step } from './plan-step.ts';
import { reactivated } from './reactivated.ts';

export function planGroups(declared: Declaration['groups'], state: CurrentState): readonly Step[] {
  return declared.flatMap(({ input, given }): readonly Step[] => {
    const key = comparisonKey(input.displayName);
    const before = state.groups.get(key);
    if (before === undefined) return [groupCreation(key, input)];
    const changed: Record<string, Changes[string]> = {};
    if (input.displayName !== before.displayName)
      changed.displayName = { from: before.displayName, to: input.displayName };
    if (given.has('externalId') && input.externalId !== (before.externalId ?? undefined))
      changed.externalId = { from: before.externalId, to: input.externalId };
    if (given.has('membershipRule') && input.membershipRule !== (before.membershipRule ?? undefined))
      changed.membershipRule = { from: before.membershipRule, to: input.membershipRule };
    if (Object.keys(changed).length === 0) return [];
    const run: Step['run'] = (tx) => changeGroup(tx, { id: before.id, patch: input });
    return [{ action: 'update', noun: 'group', name: before.displayName, changed, run }];
  });
}

function groupCreation(key: string, input: Declaration['groups'][number]['input']): Step {
  const { displayName, ...settings } = input;
  return {
    action: 'create',
    noun: 'group',
    name: displayName,
    changed: additions(settings),
    async run(tx, { known, made }) {
      const group = await foundGroup(tx, { input });
      known.groupIds.set(key, group.id);
      made.groups.push(group.id);
    },
  };
}

export type PeoplePlan = {
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
  /** Who is to be created: their passwords are hashed before the transaction. */
  readonly created: readonly DeclaredUser[];
  /** Who is there when all steps have run, by subject. */
  readonly present: ReadonlySet<string>;
};

/** Of people who exist, neither their password nor whether they are active nor what is verified is ever changed. */
export function planPeople(
  declared: readonly DeclaredUser[],
  state: CurrentState,
  { reactivate, now }: { readonly reactivate: boolean; readonly now: Date },
): PeoplePlan {
  const steps: Step[] = [];
  const notes: string[] = [];
  const created: DeclaredUser[] = [];
  const present = new Set<string>();
  for (const entry of declared) {
    const { userName } = entry.input;
    const subject = userSubject(userName);
    const before = state.users.get(comparisonKey(userName));
    if (before !== undefined) {
      present.add(subject);
      steps.push(...amendment(before, entry), ...activation(before, entry, { reactivate, now, notes }));
      continue;
    }
    const wasMade = state.items.has(itemOf({ kind: 'user', subject, object: '' }));
    if (wasMade && !reactivate) {
      notes.push(
        `${userName} was deleted or renamed since a file made them, and is not made again (--reactivate does)`,
      );
      continue;
    }
    if (state.reserved.has(comparisonKey(userName))) {
      notes.push(`${userName} was deleted and is not made again (doorward users restore brings them back)`);
      continue;
    }
    present.add(subject);
    created.push(entry);
    steps.push(admission(entry, wasMade));
  }
  return { steps, notes, created, present };
}

function admission(entry: DeclaredUser, isReactivation: boolean): Step {
  const { password, passwordHash } = entry;
  const input = withoutNamedManager(entry.input);
  const { userName, ...attributes } = input;
  const secret = password === undefined && passwordHash === undefined ? {} : { password: { to: '[redacted]' } };
  return {
    action: isReactivation ? 'reactivate' : 'create',
    noun: 'user',
    name: userName,
    changed: { ...additions(attributes), ...secret },
    async run(tx, { known, made, passwordHashes }) {
      const key = comparisonKey(userName);
      const user = await admitUser(tx, { input, passwordHash: passwordHash ?? passwordHashes.get(key) });
      known.userIds.set(key, user.id);
      made.users.push(user.id);
      if (isReactivation) reactivated(tx, { type: 'user', id: user.id }, 'user');
    },
  };
}

const NOT_ATTRIBUTES = new Set([
  'active',
  'status',
  'startsAt',
  'endsAt',
  'password',
  'passwordHash',
  'roles',
  'groups',
  'organizations',
]);

function amendment(before: CurrentUser, { given, ...entry }: DeclaredUser): readonly Step[] {
  const { managedBy: _, ...user } = before;
  const { id } = user;
  const was = attributesOf(user);
  const input = withoutNamedManager(entry.input);
  const said = Object.entries(input).filter(([name]) => given.has(name) && !NOT_ATTRIBUTES.has(name));
  const merged = { ...was, ...Object.fromEntries(said) };
  const is = keptAttributes({
    ...merged,
    ...(input.name === undefined ? {} : { name: { ...was.name, ...input.name } }),
    ...(input[ENTERPRISE] === undefined ? {} : { [ENTERPRISE]: { ...was[ENTERPRISE], ...input[ENTERPRISE] } }),
    ...(input[CUSTOM] === undefined ? {} : { [CUSTOM]: { ...was[CUSTOM], ...input[CUSTOM] } }),
    emails: verifiedAs(merged.emails, was.emails, (value) => comparisonKey(value)),
    phoneNumbers: verifiedAs(merged.phoneNumbers, was.phoneNumbers, (value) => value),
  });
  const changed = attributeChanges(was, is);
  if (Object.keys(changed).length === 0) return [];
  const patch: AttributePatch = Object.fromEntries(Object.entries(changed).map(([name, { to }]) => [name, to ?? null]));
  const run: Step['run'] = (tx) => amendUser(tx, { id, patch });
  return [{ action: 'update', noun: 'user', name: before.userName, changed, run }];
}

type Verifiable = UserAttributes['emails'][number] | UserAttributes['phoneNumbers'][number];

/** A file cannot say of a person who exists that something is verified, or that it is not any more. */
function verifiedAs<T extends Verifiable>(
  items: readonly T[],
  before: readonly Verifiable[],
  keyOf: (value: string) => string,
): T[] {
  const known = new Map(before.map((item) => [keyOf(item.value), item]));
  return items.map((item) => {
    const { verified: _, ...rest } = item;
    const verified = known.get(keyOf(item.value))?.verified;
    return { ...rest, ...(verified === undefined ? {} : { verified }) } as T;
  });
}

type ActivationOptions = { readonly reactivate: boolean; readonly now: Date; readonly notes: string[] };

function activation(
  before: CurrentUser,
  { input, given }: DeclaredUser,
  { reactivate, now, notes }: ActivationOptions,
): readonly Step[] {
  const { userName } = before;
  const [is, isToBe] = [before, firstStanding(input, now)].map((standing) => isPersonInForce(standing, now));
  if (is === isToBe) return [];
  if (is) {
    notes.push(`${userName} is active and stays so: a file does not deactivate people (doorward users disable does)`);
    return [];
  }
  if (!reactivate) {
    if (given.has('active') || given.has('status'))
      notes.push(`${userName} is not active and stays so (--reactivate makes them active)`);
    return [];
  }
  return [
    {
      action: 'reactivate',
      noun: 'user',
      name: userName,
      changed: { active: { from: false, to: true } },
      async run(tx) {
        await amendUser(tx, { id: before.id, patch: { active: true } });
        reactivated(tx, { type: 'user', id: before.id }, 'user');
      },
    },
  ];
}
