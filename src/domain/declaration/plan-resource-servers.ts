import { createResourceServer, updateResourceServer } from '../clients/change-resource-server.ts';
import { settingChanges } from '../clients/client-state.ts';
import type { DescribedResourceServer } from '../clients/find-resource-server.ts';
import { type CurrentState, MANAGED_BY } from './current-state.ts';
import type { Declaration } from './declaration-schema.ts';
import { additions, type Step } from './plan-step.ts';

type Declared = Declaration['resourceServers'][number];
type Permissions = DescribedResourceServer['permissions'];

const SETTINGS = ['name', 'accessTokenFormat', 'accessTokenType', 'accessTokenLifetimeSeconds', 'signingAlg'] as const;

/** Permissions that left the file are taken from everyone who has them, so they go with `prune` alone. */
export function planResourceServers(
  declared: readonly Declared[],
  state: CurrentState,
  { prune }: { readonly prune: boolean },
): { readonly steps: readonly Step[]; readonly leftovers: readonly string[] } {
  const leftovers: string[] = [];
  const steps = declared.flatMap((entry): readonly Step[] => {
    const before = state.resourceServers.get(entry.input.identifier);
    if (before === undefined) return [creation(entry)];
    const gone = before.managedBy === MANAGED_BY ? removed(before.permissions, entry) : [];
    if (!prune) leftovers.push(...gone.map((value) => `permission ${value} of ${before.identifier}`));
    return update(before, entry, prune ? gone : []);
  });
  return { steps, leftovers };
}

function creation({ input }: Declared): Step {
  const { identifier, ...settings } = input;
  return {
    action: 'create',
    noun: 'resource server',
    name: identifier,
    changed: additions(settings),
    run: (tx) => createResourceServer(tx, { ...input, managedBy: MANAGED_BY }),
  };
}

const removed = (permissions: Permissions, { input }: Declared): readonly string[] => {
  const kept = new Set(input.permissions.map(({ value }) => value));
  return permissions.map(({ value }) => value).filter((value) => !kept.has(value));
};

function update(before: DescribedResourceServer, entry: Declared, gone: readonly string[]): readonly Step[] {
  const { input, given } = entry;
  const isOwned = before.managedBy === MANAGED_BY;
  const was = Object.fromEntries(SETTINGS.map((name) => [name, before[name]]));
  // Of what somebody else made, only what the file says is changed; the rest is theirs.
  const is = Object.fromEntries(
    SETTINGS.map((name) => [name, isOwned || given.has(name) ? input[name] : before[name]]),
  );
  const permissions = mergedPermissions(before, entry, gone);
  const changed = settingChanges({ ...was, permissions: before.permissions }, { ...is, permissions });
  if (Object.keys(changed).length === 0) return [];
  const run: Step['run'] = (tx) => updateResourceServer(tx, { id: before.id, patch: { ...is, permissions } });
  return [{ action: 'update', noun: 'resource server', name: before.identifier, changed, run }];
}

function mergedPermissions(
  before: DescribedResourceServer,
  { input }: Declared,
  gone: readonly string[],
): { value: string; description: string | null }[] {
  const merged = new Map(before.permissions.map(({ value, description }) => [value, description]));
  for (const value of gone) merged.delete(value);
  for (const { value, description } of input.permissions) {
    const kept = before.managedBy === MANAGED_BY ? null : (merged.get(value) ?? null);
    merged.set(value, description ?? kept);
  }
  return [...merged]
    .map(([value, description]) => ({ value, description }))
    .sort((a, b) => (a.value < b.value ? -1 : 1));
}
