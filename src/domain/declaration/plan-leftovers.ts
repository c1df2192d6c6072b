import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { deleteRole } from '../access/delete-role.ts';
import { deleteResourceServer } from '../clients/change-resource-server.ts';
import { removeUserAttribute } from '../lifecycle/amend-user-attribute.ts';
import { removeClient } from '../lifecycle/disable-client.ts';
import { removeGroup } from '../lifecycle/remove-group.ts';
import { removeUser } from '../lifecycle/remove-user.ts';
import { deletePolicy } from '../policy/change-policy.ts';
import type { CurrentState, OwnedNoun, OwnedThing } from './current-state.ts';
import type { Declaration } from './declaration-schema.ts';
import type { Step } from './plan-step.ts';

/** What a file has made and this one does not name any more. */
export function leftoversOf(declaration: Declaration, { owned }: CurrentState): readonly OwnedThing[] {
  const named: Readonly<Record<OwnedNoun, ReadonlySet<string>>> = {
    user: new Set(declaration.users.map(({ input }) => comparisonKey(input.userName))),
    'user attribute': new Set(declaration.userAttributes.map(({ input }) => input.name.toLowerCase())),
    policy: new Set(declaration.policies.map(({ input }) => comparisonKey(input.name))),
    group: new Set(declaration.groups.map(({ input }) => comparisonKey(input.displayName))),
    client: new Set(declaration.clients.map(({ input }) => input.client_id ?? '')),
    role: new Set(declaration.roles.map(({ input }) => input.name)),
    'resource server': new Set(declaration.resourceServers.map(({ input }) => input.identifier)),
  };
  return owned.filter(({ noun, key }) => !named[noun].has(key));
}

/** Those that use others go before them. */
const ORDER: readonly OwnedNoun[] = ['policy', 'user', 'client', 'group', 'user attribute', 'role', 'resource server'];

const remove: Readonly<Record<OwnedNoun, (tx: Tx, id: string) => Promise<unknown>>> = {
  user: (tx, userId) => removeUser(tx, { userId }),
  'user attribute': (tx, id) => removeUserAttribute(tx, { id }),
  policy: (tx, id) => deletePolicy(tx, { id }),
  client: (tx, clientId) => removeClient(tx, { clientId }),
  group: (tx, id) => removeGroup(tx, { id }),
  role: (tx, id) => deleteRole(tx, { id }),
  'resource server': (tx, id) => deleteResourceServer(tx, { id }),
};

export const planRemovals = (leftovers: readonly OwnedThing[]): readonly Step[] =>
  [...leftovers]
    .sort((a, b) => ORDER.indexOf(a.noun) - ORDER.indexOf(b.noun))
    .map(({ noun, id, name }) => ({ action: 'delete', noun, name, run: (tx) => remove[noun](tx, id) }));
