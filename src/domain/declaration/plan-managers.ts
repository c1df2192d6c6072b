import type { Fault } from '../../kernel/errors.ts';
import { pointerTo } from '../../kernel/input.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { amendUser } from '../lifecycle/amend-user.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';
import type { NewUser } from '../users/user.ts';
import { type CurrentState, userSubject } from './current-state.ts';
import type { DeclaredUser } from './declaration-schema.ts';
import { idOf, type Step } from './plan-step.ts';

/** The userName a file gives for someone's manager; undefined where it gives an id or nothing. */
export function namedManager({ input }: DeclaredUser): string | undefined {
  const manager = input[ENTERPRISE]?.manager;
  return manager !== undefined && 'userName' in manager ? manager.userName : undefined;
}

/** What can be said of a person before everybody is there. */
export function withoutNamedManager({ [ENTERPRISE]: enterprise, ...input }: DeclaredUser['input']): NewUser {
  if (enterprise === undefined) return input;
  const { manager, ...rest } = enterprise;
  return { ...input, [ENTERPRISE]: manager !== undefined && 'value' in manager ? { ...rest, manager } : rest };
}

/** Steps for when everybody is there: a file may name a manager further down. */
export function planManagers(
  declared: readonly DeclaredUser[],
  state: CurrentState,
  present: ReadonlySet<string>,
): { readonly steps: readonly Step[]; readonly notes: readonly string[] } {
  const steps: Step[] = [];
  const notes: string[] = [];
  for (const entry of declared) {
    const { userName } = entry.input;
    const manager = namedManager(entry);
    if (manager === undefined || !present.has(userSubject(userName))) continue;
    const key = comparisonKey(manager);
    const known = state.users.get(key);
    if (known === undefined && !present.has(userSubject(manager))) {
      notes.push(`${userName} gets no manager: ${manager} is not there`);
      continue;
    }
    const was = state.users.get(comparisonKey(userName))?.[ENTERPRISE]?.manager?.value;
    if (was === undefined || was !== known?.id) steps.push(managerChange(userName, manager, was));
  }
  return { steps, notes };
}

const managerChange = (userName: string, manager: string, from: string | undefined): Step => ({
  action: 'update',
  noun: 'user',
  name: userName,
  changed: { manager: { ...(from === undefined ? {} : { from }), to: manager } },
  async run(tx, { known }) {
    const id = idOf(known.userIds, comparisonKey(userName));
    const value = idOf(known.userIds, comparisonKey(manager));
    await amendUser(tx, { id, patch: { [ENTERPRISE]: { manager: { value } } } });
  },
});

/** Managers whom neither the file nor the database knows. */
export function unknownManagers(declared: readonly DeclaredUser[], state: CurrentState): readonly Fault[] {
  const keys = new Set([...state.users.keys(), ...declared.map(({ input }) => comparisonKey(input.userName))]);
  return declared.flatMap((entry, at) => {
    const manager = namedManager(entry);
    if (manager === undefined || keys.has(comparisonKey(manager))) return [];
    const pointer = pointerTo(['users', at, ENTERPRISE, 'manager', 'userName']);
    return [{ pointer, code: 'unknown_reference', detail: `there is no user ${manager}` }];
  });
}
