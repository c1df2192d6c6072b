import type { Fault } from '../../kernel/errors.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { CurrentOrganization } from './current-organizations.ts';
import { type CurrentState, MANAGED_BY } from './current-state.ts';
import type { Declaration } from './declaration-schema.ts';

/**
 * Names of organizations that neither the file nor the database knows. Administrators of an organization make others below it,
 * with names of their choice: such a one is not taken for what the file means, unless the file says where it is.
 */
export function organizationFaults(declaration: Declaration, state: CurrentState): readonly Fault[] {
  const { organizations, brandings, clients, policies, users } = declaration;
  const declared = new Set(organizations.map(({ input }) => comparisonKey(input.name)));
  const check = (pointer: string, name: string | undefined): readonly Fault[] => {
    if (name === undefined || declared.has(comparisonKey(name))) return [];
    const found = state.organizations.get(comparisonKey(name));
    if (found === undefined) return [fault(pointer, `there is no organization ${name}`)];
    return found.parent === null || found.managedBy === MANAGED_BY ? [] : [elsewhere(pointer, found)];
  };
  const owned = (list: string, entries: readonly { readonly organization?: string | undefined }[]) =>
    entries.flatMap(({ organization }, at) => check(`/${list}/${at}/organization`, organization));
  return [
    ...organizations.flatMap(({ input, parent }, at) => [
      ...misplaced(`/organizations/${at}/name`, state.organizations.get(comparisonKey(input.name)), parent),
      ...check(`/organizations/${at}/parent`, parent),
    ]),
    ...owned('brandings', brandings),
    ...owned('clients', clients),
    ...owned('policies', policies),
    ...users.flatMap((user, at) =>
      user.organizations.flatMap(({ organization }, index) =>
        check(`/users/${at}/organizations/${index}`, organization),
      ),
    ),
    ...unknownClients(declaration, state),
  ];
}

function misplaced(pointer: string, found: CurrentOrganization | undefined, parent: string | undefined) {
  if (found === undefined || found.managedBy === MANAGED_BY) return [];
  const isSame =
    found.parent === null ? parent === undefined : comparisonKey(found.parent) === comparisonKey(parent ?? '');
  return isSame ? [] : [elsewhere(pointer, found)];
}

const elsewhere = (pointer: string, { name, parent }: CurrentOrganization): Fault =>
  fault(
    pointer,
    `organization ${name} was not made by a file and is ${parent === null ? 'in no other' : `in ${parent}`}: say so in organizations`,
  );

function unknownClients({ brandings, clients }: Declaration, { brandedClients }: CurrentState): readonly Fault[] {
  const known = new Set([...brandedClients, ...clients.map(({ input }) => input.client_id)]);
  return brandings.flatMap(({ clientId }, at) =>
    clientId === undefined || known.has(clientId)
      ? []
      : [fault(`/brandings/${at}/clientId`, `there is no client ${clientId}`)],
  );
}

const fault = (pointer: string, detail: string): Fault => ({ pointer, code: 'unknown_reference', detail });
