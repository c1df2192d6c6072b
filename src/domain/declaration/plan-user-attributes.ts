import { amendUserAttribute } from '../lifecycle/amend-user-attribute.ts';
import { createUserAttribute } from '../user-attributes/change-user-attribute.ts';
import type { UserAttribute } from '../user-attributes/user-attribute.ts';
import { attributeChanges } from '../users/attribute-changes.ts';
import { type CurrentState, MANAGED_BY } from './current-state.ts';
import type { Declaration } from './declaration-schema.ts';
import { additions, type Step } from './plan-step.ts';

type Declared = Declaration['userAttributes'][number];

const CHANGEABLE = ['schema', 'description', 'mutability', 'readableBy', 'writableBy', 'claim'] as const;
const FIXED = ['unique', 'searchable'] as const;

/** What cannot change is told, and left as it is. */
export function planUserAttributes(
  declared: readonly Declared[],
  state: CurrentState,
): { readonly steps: readonly Step[]; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const steps = declared.flatMap((entry): readonly Step[] => {
    const { name } = entry.input;
    const before = state.userAttributes.get(name.toLowerCase());
    if (before === undefined) return [creation(entry)];
    for (const member of FIXED)
      if (entry.given.has(member) && entry.input[member] !== before[member])
        notes.push(`user attribute ${name}: ${member} does not change once it is defined`);
    return update(before, entry);
  });
  return { steps, notes };
}

function creation({ input }: Declared): Step {
  const { name, ...settings } = input;
  return {
    action: 'create',
    noun: 'user attribute',
    name,
    changed: additions(settings),
    run: (tx) => createUserAttribute(tx, { ...input, managedBy: MANAGED_BY }),
  };
}

/** Of what somebody else made, only what the file says is changed. */
function update(before: UserAttribute, { input, given }: Declared): readonly Step[] {
  const isOwned = before.managedBy === MANAGED_BY;
  const is = Object.fromEntries(
    CHANGEABLE.map((name) => [name, isOwned || given.has(name) ? (input[name] ?? null) : before[name]]),
  );
  const was = Object.fromEntries(CHANGEABLE.map((name) => [name, before[name]]));
  const changed = attributeChanges(was, is as never);
  if (Object.keys(changed).length === 0) return [];
  const run: Step['run'] = (tx) => amendUserAttribute(tx, { id: before.id, patch: is });
  return [{ action: 'update', noun: 'user attribute', name: before.name, changed, run }];
}
