import type { Fault } from '../../kernel/errors.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { ADMINISTRATOR_ROLE } from '../access/admin-permissions.ts';
import { ACCOUNT_CLIENT_ID } from '../clients/account-client.ts';
import type { Declaration } from './declaration-schema.ts';

/** What one entry says against another, or against the product itself. */
export function contradictions(declaration: Declaration): readonly Fault[] {
  const { resourceServers, clients, roles, userAttributes, groups, users } = declaration;
  return [
    ...repeated(
      'resourceServers',
      'identifier',
      resourceServers.map(({ input }) => input.identifier),
    ),
    ...repeated(
      'clients',
      'client_id',
      clients.map(({ input }) => input.client_id ?? ''),
    ),
    ...repeated(
      'roles',
      'name',
      roles.map(({ input }) => input.name),
    ),
    ...repeated(
      'userAttributes',
      'name',
      userAttributes.map(({ input }) => input.name.toLowerCase()),
    ),
    ...repeated(
      'groups',
      'displayName',
      groups.map(({ input }) => comparisonKey(input.displayName)),
    ),
    ...repeated(
      'users',
      'userName',
      users.map(({ input }) => comparisonKey(input.userName)),
    ),
    ...users.flatMap(({ groups: names }, index) => repeated(`users/${index}/groups`, '', names.map(comparisonKey))),
    ...belongsToProduct(
      'roles',
      'name',
      roles.map(({ input }) => input.name),
      ADMINISTRATOR_ROLE,
    ),
    ...belongsToProduct(
      'clients',
      'client_id',
      clients.map(({ input }) => input.client_id ?? ''),
      ACCOUNT_CLIENT_ID,
    ),
    ...cycles(declaration),
  ];
}

function repeated(list: string, member: string, keys: readonly string[]): readonly Fault[] {
  const seen = new Set<string>();
  return keys.flatMap((key, index) => {
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const pointer = `/${list}/${index}${member === '' ? '' : `/${member}`}`;
    return [{ pointer, code: 'repeated', detail: 'this is in the file twice' }];
  });
}

const belongsToProduct = (list: string, member: string, names: readonly string[], own: string): readonly Fault[] =>
  names.flatMap((name, index) =>
    name === own
      ? [{ pointer: `/${list}/${index}/${member}`, code: 'built_in', detail: `${own} belongs to the product` }]
      : [],
  );

function cycles({ roles }: Declaration): readonly Fault[] {
  const position = new Map(roles.map(({ input }, index) => [input.name, index]));
  const finished = new Set<string>();
  const faults: Fault[] = [];
  const path: string[] = [];
  const onPath = new Set<string>();
  const visit = (name: string): void => {
    const index = position.get(name);
    if (index === undefined || finished.has(name)) return;
    if (onPath.has(name)) {
      const way = [...path.slice(path.indexOf(name)), name].join(' → ');
      const detail = `a role may not inherit itself: ${way}`;
      faults.push({ pointer: `/roles/${index}/inherits`, code: 'inheritance_cycle', detail });
      return;
    }
    path.push(name);
    onPath.add(name);
    for (const inherited of roles[index]?.input.inherits ?? []) visit(inherited);
    path.pop();
    onPath.delete(name);
    finished.add(name);
  };
  for (const { input } of roles) visit(input.name);
  return faults;
}

/** Roles so that each comes after those it inherits. */
export function inheritedFirst(roles: Declaration['roles']): Declaration['roles'] {
  const byName = new Map(roles.map((role) => [role.input.name, role]));
  const ordered = new Set<Declaration['roles'][number]>();
  const visit = (role: Declaration['roles'][number] | undefined): void => {
    if (role === undefined || ordered.has(role)) return;
    for (const name of role.input.inherits) visit(byName.get(name));
    ordered.add(role);
  };
  for (const role of roles) visit(role);
  return [...ordered];
}
