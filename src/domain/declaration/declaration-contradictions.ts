import type { Fault } from '../../kernel/errors.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { ADMINISTRATOR_ROLE } from '../access/admin-permissions.ts';
import { ACCOUNT_CLIENT_ID } from '../clients/account-client.ts';
import { brandingKey, policyKey } from './current-organizations.ts';
import type { Declaration } from './declaration-schema.ts';

/** What one entry says against another, or against the product itself. */
export function contradictions(declaration: Declaration): readonly Fault[] {
  const { resourceServers, organizations, brandings, clients, roles, userAttributes, policies, groups, users } =
    declaration;
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
      'policies',
      'name',
      policies.map(({ input, organization }) => policyKey(input.name, organization)),
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
    ...repeated(
      'organizations',
      'name',
      organizations.map(({ input }) => comparisonKey(input.name)),
    ),
    ...organizations.flatMap(({ domains }, index) => repeated(`organizations/${index}/domains`, '', domains)),
    ...repeated('brandings', '', brandings.map(brandingKey)),
    ...users.flatMap(({ organizations: held }, index) =>
      repeated(
        `users/${index}/organizations`,
        '',
        held.map(({ organization }) => comparisonKey(organization)),
      ),
    ),
    ...users.flatMap(({ groups: names }, index) => repeated(`users/${index}/groups`, '', names.map(comparisonKey))),
    ...groups.flatMap(({ groups: names }, index) => repeated(`groups/${index}/groups`, '', names.map(comparisonKey))),
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
    ...cycles({
      list: 'roles',
      member: 'inherits',
      nodes: roles.map(({ input }) => ({ key: input.name, name: input.name, next: input.inherits })),
      fault: (way) => ({ code: 'inheritance_cycle', detail: `a role may not inherit itself: ${way}` }),
    }),
    ...cycles({
      list: 'organizations',
      member: 'parent',
      nodes: organizations.map(({ input, parent }) => ({
        key: comparisonKey(input.name),
        name: input.name,
        next: parent === undefined ? [] : [comparisonKey(parent)],
      })),
      fault: (way) => ({ code: 'parent_cycle', detail: `an organization may not be below itself: ${way}` }),
    }),
    ...cycles({
      list: 'groups',
      member: 'groups',
      nodes: groups.map(({ input, groups: above }) => ({
        key: comparisonKey(input.displayName),
        name: input.displayName,
        next: above.map(comparisonKey),
      })),
      fault: (way) => ({ code: 'inclusion_cycle', detail: `a group may not be inside itself: ${way}` }),
    }),
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

type Graph = {
  readonly list: string;
  readonly member: string;
  readonly nodes: readonly { readonly key: string; readonly name: string; readonly next: readonly string[] }[];
  readonly fault: (way: string) => { readonly code: string; readonly detail: string };
};

/** Walks without recursion: a file may hold a chain of very many groups. */
function cycles({ list, member, nodes, fault }: Graph): readonly Fault[] {
  const position = new Map(nodes.map(({ key }, index) => [key, index]));
  const nodeOf = (key: string) => nodes[position.get(key) ?? -1];
  const finished = new Set<string>();
  const onPath = new Set<string>();
  const faults: Fault[] = [];
  for (const { key: start } of nodes) {
    const path = finished.has(start) ? [] : [{ key: start, at: 0 }];
    onPath.add(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = nodeOf(top.key)?.next[top.at];
      top.at += 1;
      if (next === undefined) {
        path.pop();
        onPath.delete(top.key);
        finished.add(top.key);
      } else if (onPath.has(next)) {
        const way = [...path.slice(path.findIndex(({ key }) => key === next)).map(({ key }) => key), next];
        const words = way.map((key) => nodeOf(key)?.name ?? key).join(' → ');
        faults.push({ pointer: `/${list}/${position.get(next)}/${member}`, ...fault(words) });
      } else if (position.has(next) && !finished.has(next)) {
        path.push({ key: next, at: 0 });
        onPath.add(next);
      }
    }
    onPath.delete(start);
  }
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
