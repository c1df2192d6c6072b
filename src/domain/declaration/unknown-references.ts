import type { Fault } from '../../kernel/errors.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { GrantedPermissions } from '../clients/granted-permissions.ts';
import type { CurrentState } from './current-state.ts';
import type { Declaration, HeldRole } from './declaration-schema.ts';
import { organizationFaults } from './organization-faults.ts';
import { unknownManagers } from './plan-managers.ts';

/** Names that neither the file nor the database knows; the order of a file does not matter. */
export function unknownReferences(declaration: Declaration, state: CurrentState): readonly Fault[] {
  const { clients, roles, groups, users } = declaration;
  const names = namesOf(declaration, state);
  const held = (list: string, entries: readonly { readonly roles: readonly HeldRole[] }[]): readonly Fault[] =>
    entries.flatMap((entry, at) =>
      entry.roles.flatMap(({ role }, index) =>
        names.roles.has(role) ? [] : [unknown(`/${list}/${at}/roles/${index}`, `there is no role ${role}`)],
      ),
    );
  const granted = (list: string, at: number, permissions: GrantedPermissions = []): readonly Fault[] =>
    permissions.flatMap(({ resource, values }, grant) =>
      values.flatMap((value, index) =>
        names.permissions.has(`${resource} ${value}`)
          ? []
          : [unknown(`/${list}/${at}/permissions/${grant}/values/${index}`, `${resource} has no permission ${value}`)],
      ),
    );
  const within = (list: string, entries: readonly { readonly groups: readonly string[] }[]): readonly Fault[] =>
    entries.flatMap((entry, at) =>
      entry.groups.flatMap((name, index) =>
        names.groups.has(comparisonKey(name))
          ? []
          : [unknown(`/${list}/${at}/groups/${index}`, `there is no group ${name}`)],
      ),
    );
  return [
    ...clients.flatMap(({ input }, at) => granted('clients', at, input.permissions)),
    ...held('clients', clients),
    ...roles.flatMap(({ input }, at) => [
      ...granted('roles', at, input.permissions),
      ...input.inherits.flatMap((name, index) =>
        names.roles.has(name) ? [] : [unknown(`/roles/${at}/inherits/${index}`, `there is no role ${name}`)],
      ),
    ]),
    ...held('groups', groups),
    ...held('users', users),
    ...within('groups', groups),
    ...within('users', users),
    ...unknownManagers(users, state),
    ...organizationFaults(declaration, state),
  ];
}

const unknown = (pointer: string, detail: string): Fault => ({ pointer, code: 'unknown_reference', detail });

function namesOf({ resourceServers, roles, groups }: Declaration, state: CurrentState) {
  const existing = [...state.resourceServers.values()].map(({ identifier, permissions }) => ({
    identifier,
    permissions,
  }));
  const declared = resourceServers.map(({ input }) => input);
  return {
    roles: new Set([...state.roles.keys(), ...roles.map(({ input }) => input.name)]),
    groups: new Set([...state.groups.keys(), ...groups.map(({ input }) => comparisonKey(input.displayName))]),
    permissions: new Set(
      [...existing, ...declared].flatMap(({ identifier, permissions }) =>
        permissions.map(({ value }) => `${identifier} ${value}`),
      ),
    ),
  };
}
