import { createRole } from '../access/create-role.ts';
import { updateRole } from '../access/update-role.ts';
import { settingChanges, sortedPermissions } from '../clients/client-state.ts';
import type { GrantedPermissions } from '../clients/granted-permissions.ts';
import { type CurrentRole, type CurrentState, MANAGED_BY } from './current-state.ts';
import { inheritedFirst } from './declaration-contradictions.ts';
import type { Declaration } from './declaration-schema.ts';
import { additions, type Step } from './plan-step.ts';

type Declared = Declaration['roles'][number];

/** New roles come first, each after those it inherits, so that changed ones can inherit them. */
export function planRoles(declared: readonly Declared[], state: CurrentState): readonly Step[] {
  const isNew = ({ input }: Declared): boolean => !state.roles.has(input.name);
  const creations = inheritedFirst([...declared])
    .filter(isNew)
    .map(creation);
  const updates = declared.flatMap((entry) => {
    const before = state.roles.get(entry.input.name);
    return before === undefined ? [] : update(before, entry);
  });
  return [...creations, ...updates];
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
