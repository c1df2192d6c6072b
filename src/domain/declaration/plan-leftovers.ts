import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { deleteRole } from '../access/delete-role.ts';
import type { BrandingOwner } from '../branding/branding.ts';
import { removeBranding } from '../branding/change-branding.ts';
import { deleteResourceServer } from '../clients/change-resource-server.ts';
import { removeUserAttribute } from '../lifecycle/amend-user-attribute.ts';
import { removeClient } from '../lifecycle/disable-client.ts';
import { removeGroup } from '../lifecycle/remove-group.ts';
import { removeUser } from '../lifecycle/remove-user.ts';
import { deleteOrganization } from '../organizations/delete-organization.ts';
import { deletePolicy } from '../policy/change-policy.ts';
import { brandingKey, policyKey } from './current-organizations.ts';
import type { CurrentState } from './current-state.ts';
import type { Declaration } from './declaration-schema.ts';
import type { OwnedNoun, OwnedThing } from './owned-things.ts';
import type { Step } from './plan-step.ts';

/** What a file has made and this one does not name any more. */
export function leftoversOf(declaration: Declaration, { owned }: CurrentState): readonly OwnedThing[] {
  const named: Readonly<Record<OwnedNoun, ReadonlySet<string>>> = {
    organization: new Set(declaration.organizations.map(({ input }) => comparisonKey(input.name))),
    branding: new Set(declaration.brandings.map(brandingKey)),
    user: new Set(declaration.users.map(({ input }) => comparisonKey(input.userName))),
    'user attribute': new Set(declaration.userAttributes.map(({ input }) => input.name.toLowerCase())),
    policy: new Set(declaration.policies.map(({ input, organization }) => policyKey(input.name, organization))),
    group: new Set(declaration.groups.map(({ input }) => comparisonKey(input.displayName))),
    client: new Set(declaration.clients.map(({ input }) => input.client_id ?? '')),
    role: new Set(declaration.roles.map(({ input }) => input.name)),
    'resource server': new Set(declaration.resourceServers.map(({ input }) => input.identifier)),
  };
  return owned.filter(({ noun, key }) => !named[noun].has(key));
}

/** Those that use others go before them. */
const ORDER: readonly OwnedNoun[] = [
  ...(['policy', 'branding', 'user', 'client', 'group', 'organization'] as const),
  ...(['user attribute', 'role', 'resource server'] as const),
];

const remove: Readonly<Record<OwnedNoun, (tx: Tx, id: string) => Promise<unknown>>> = {
  user: (tx, userId) => removeUser(tx, { userId }),
  'user attribute': (tx, id) => removeUserAttribute(tx, { id }),
  policy: (tx, id) => deletePolicy(tx, { id }),
  organization: (tx, id) => deleteOrganization(tx, { id }),
  // The id is the owner's: of the deployment there is one.
  branding: (tx, owner) => removeBranding(tx, { owner: brandingOwner(owner) }),
  client: (tx, clientId) => removeClient(tx, { clientId }),
  group: (tx, id) => removeGroup(tx, { id }),
  role: (tx, id) => deleteRole(tx, { id }),
  'resource server': (tx, id) => deleteResourceServer(tx, { id }),
};

export const planRemovals = (leftovers: readonly OwnedThing[]): readonly Step[] =>
  [...leftovers]
    .sort((a, b) => ORDER.indexOf(a.noun) - ORDER.indexOf(b.noun))
    .map(({ noun, id, name }) => ({ action: 'delete', noun, name, run: (tx) => remove[noun](tx, id) }));

/** `organization:<id>`, `client:<client_id>` or `deployment`. */
function brandingOwner(text: string): BrandingOwner {
  const [type, ...rest] = text.split(':');
  return type === 'organization' || type === 'client' ? { type, id: rest.join(':') } : { type: 'deployment' };
}
