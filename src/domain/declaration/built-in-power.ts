import type { GrantedPermissions } from '../clients/granted-permissions.ts';
import type { CurrentState } from './current-state.ts';
import type { Declaration } from './declaration-schema.ts';

/**
 * Permissions of the built-in resource servers are power over this product. A file gives them to what it made itself; to
 * something that merely has a declared name it does not: whoever made that would come by the power with the next apply.
 */
type State = Pick<CurrentState, 'resourceServers' | 'roles'>;

const isBuiltIn = ({ resourceServers }: State, resource: string): boolean =>
  resourceServers.get(resource)?.builtIn === true;

export const withoutBuiltIn = (permissions: GrantedPermissions, state: State): GrantedPermissions =>
  permissions.filter(({ resource }) => !isBuiltIn(state, resource));

/** Whether a role has such permissions, itself or by what it inherits, as things are or as the file would have them. */
export function carriesBuiltIn(
  name: string,
  declared: Declaration['roles'],
  state: State,
  seen = new Set<string>(),
): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  const roles = [state.roles.get(name), declared.find(({ input }) => input.name === name)?.input];
  return roles.some(
    (role) =>
      role !== undefined &&
      (role.permissions.some(({ resource }) => isBuiltIn(state, resource)) ||
        role.inherits.some((inherited) => carriesBuiltIn(inherited, declared, state, seen))),
  );
}

export const notGiven = (noun: string, name: string, what: string): string =>
  `${noun} ${name} was not made by a file and does not get ${what}: give it by hand, or delete it and apply again`;
