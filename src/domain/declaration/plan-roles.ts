import { createRole } from '../access/create-role.ts';
import { updateRole } from '../access/update-role.ts';
import { settingChanges, sortedPermissions } from '../clients/client-state.ts';
import type { GrantedPermissions } from '../clients/granted-permissions.ts';
import { carriesBuiltIn, notGiven, withoutBuiltIn } from './built-in-power.ts';
import { type CurrentRole, type CurrentState, MANAGED_BY } from './current-state.ts';
import { inheritedFirst } from './declaration-contradictions.ts';
import type { Declaration } from './declaration-schema.ts';
import { additions, type Step } from './plan-step.ts';

type Declared = Declaration['roles'][number];

export type RolePlan = { readonly steps: readonly Step[]; readonly notes: readonly string[] };

/** New roles come first, each after those it inherits, so that changed ones can inherit them. */
export function planRoles(declared: Declaration['roles'], state: CurrentState): RolePlan {
  const notes: string[] = [];
  const isNew = ({ input }: Declared): boolean => !state.roles.has(input.name);
  const creations = inheritedFirst([...declared])
    .filter(isNew)
    .map(creation);
  const updates = declared.flatMap((entry) => {
    const before = state.roles.get(entry.input.name);
    return before === undefined ? [] : update(before, grantable(before, entry, { declared, state, notes }));
  });
  return { steps: [...creations, ...updates], notes };
}

function creation({ input }: Declared): Step {
  const { name, ...settings } = input;
  return {
    action: 'create',
    noun: 'role',
    name,
    changed: additions(settings),
    async run(tx, { known }) {
      const role = await createRole(tx, { ...input, managedBy: MANAGED_BY });
      known.roleIds.set(name, role.id);
    },
  };
}

type Around = { readonly declared: Declaration['roles']; readonly state: CurrentState; readonly notes: string[] };

/** What the file may add to this role: everything to its own, no power over this product to anybody else's. */
function grantable(before: CurrentRole, entry: Declared, { declared, state, notes }: Around): Declared {
  if (before.managedBy === MANAGED_BY) return entry;
  const permissions = withoutBuiltIn(entry.input.permissions, state);
  const isHeld = (name: string) => before.inherits.includes(name) || !carriesBuiltIn(name, declared, state);
  const inherits = entry.input.inherits.filter(isHeld);
  const isAll =
    permissions.length === entry.input.permissions.length && inherits.length === entry.input.inherits.length;
  if (!isAll) notes.push(notGiven('role', before.name, 'permissions of a built-in resource server'));
  return Object.assign({}, entry, { input: { ...entry.input, permissions: writable(permissions), inherits } });
}

/** A role the file made has what the file says; to a role of somebody else the file only adds. */
function update(before: CurrentRole, { input, given }: Declared): readonly Step[] {
  const isOwned = before.managedBy === MANAGED_BY;
  const was = {
    description: before.description,
    permissions: sortedPermissions(before.permissions),
    inherits: [...before.inherits].sort(),
  };
  const is = {
    description: isOwned || given.has('description') ? (input.description ?? null) : before.description,
    permissions: sortedPermissions(isOwned ? input.permissions : union(before.permissions, input.permissions)),
    inherits: [...new Set([...(isOwned ? [] : before.inherits), ...input.inherits])].sort(),
  };
  const changed = settingChanges(was, is);
  if (Object.keys(changed).length === 0) return [];
  const patch = {
    ...('description' in changed ? { description: is.description } : {}),
    ...('permissions' in changed ? { permissions: writable(is.permissions) } : {}),
    ...('inherits' in changed ? { inherits: is.inherits } : {}),
  };
  const run: Step['run'] = (tx) => updateRole(tx, { id: before.id, patch });
  return [{ action: 'update', noun: 'role', name: before.name, changed, run }];
}

const writable = (permissions: GrantedPermissions) =>
  permissions.map(({ resource, values }) => ({ resource, values: [...values] }));

export function union(a: GrantedPermissions, b: GrantedPermissions): GrantedPermissions {
  const merged = new Map<string, Set<string>>();
  for (const { resource, values } of [...a, ...b])
    merged.set(resource, new Set([...(merged.get(resource) ?? []), ...values]));
  return [...merged].map(([resource, values]) => ({ resource, values: [...values] }));
}
