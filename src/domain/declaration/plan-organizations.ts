import type { OrganizationId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { changeOrganization } from '../lifecycle/change-organization.ts';
import { createOrganization } from '../organizations/create-organization.ts';
import { addOrganizationDomain } from '../organizations/organization-domains.ts';
import type { OrganizationPatch } from '../organizations/organization-input.ts';
import type { CurrentOrganization } from './current-organizations.ts';
import { type CurrentState, MANAGED_BY } from './current-state.ts';
import type { Declaration } from './declaration-schema.ts';
import { additions, type Changes, idOf, type Known, type Step } from './plan-step.ts';
import { reactivated } from './reactivated.ts';

type Declared = Declaration['organizations'][number];
type Plan = { readonly steps: readonly Step[]; readonly notes: readonly string[] };

/** Those above come first. What somebody else made gets what the file says of it, and is never moved. */
export function planOrganizations(
  declared: readonly Declared[],
  state: CurrentState,
  { reactivate }: { readonly reactivate: boolean },
): Plan {
  const notes: string[] = [];
  const before = ({ input }: Declared) => state.organizations.get(comparisonKey(input.name));
  const creations = parentsFirst(declared)
    .filter((entry) => before(entry) === undefined)
    .map(creation);
  const updates = declared.flatMap((entry): readonly Step[] => {
    const current = before(entry);
    if (current === undefined) return [];
    return [...update(current, entry), ...opening(current, entry, { reactivate, notes })];
  });
  return { steps: [...creations, ...updates, ...declared.flatMap((entry) => naming(entry, before(entry)))], notes };
}

function creation({ input, parent }: Declared): Step {
  const { name, ...settings } = input;
  return {
    action: 'create',
    noun: 'organization',
    name,
    changed: additions({ ...settings, parent }),
    async run(tx, { known }) {
      const { id } = await createOrganization(tx, { ...input, ...parentIn(known, parent) });
      await tx.query('UPDATE organizations SET managed_by = $2 WHERE id = $1', [id, MANAGED_BY]);
      known.organizationIds.set(comparisonKey(name), id);
    },
  };
}

const parentIn = (known: Known, parent: string | undefined): { parentId?: OrganizationId } =>
  parent === undefined ? {} : { parentId: idOf(known.organizationIds, comparisonKey(parent)) };

function update(before: CurrentOrganization, { input, given, ...beside }: Declared): readonly Step[] {
  const parent = beside.parent ?? null;
  const isOwned = before.managedBy === MANAGED_BY;
  const changed: Record<string, Changes[string]> = {};
  const compare = (name: string, from: string | null, to: string | null) => {
    if (from !== to) changed[name] = { from, to };
  };
  compare('name', before.name, input.name);
  if (isOwned || given.has('displayName')) compare('displayName', before.displayName, input.displayName ?? null);
  if (isOwned && !isSameName(before.parent, parent)) changed.parent = { from: before.parent, to: parent };
  if (input.status === 'suspended') compare('status', before.status, 'suspended');
  if (Object.keys(changed).length === 0) return [];
  const run: Step['run'] = (tx, { known }) => {
    const { parent: moved, ...said } = changed;
    const patch: OrganizationPatch = Object.fromEntries(Object.entries(said).map(([name, { to }]) => [name, to]));
    const parentId: OrganizationId | null = parent === null ? null : idOf(known.organizationIds, comparisonKey(parent));
    return changeOrganization(tx, { id: before.id, patch: moved === undefined ? patch : { ...patch, parentId } });
  };
  return [{ action: 'update', noun: 'organization', name: before.name, changed, run }];
}

/** Domains are named and never taken away by a file; each still has to be shown by its record. */
function naming({ input, domains }: Declared, before: CurrentOrganization | undefined): readonly Step[] {
  const wanted = domains.filter((domain) => !before?.domains.includes(domain));
  return wanted.map((domain) => ({
    action: 'create',
    noun: 'organization domain',
    name: `${domain} of ${input.name}`,
    run: (tx, { known }) =>
      addOrganizationDomain(tx, { organizationId: idOf(known.organizationIds, comparisonKey(input.name)), domain }),
  }));
}

const isSameName = (a: string | null, b: string | null): boolean =>
  a === null || b === null ? a === b : comparisonKey(a) === comparisonKey(b);

/** A file can suspend; what somebody suspended opens with --reactivate alone. */
function opening(
  before: CurrentOrganization,
  { input }: Declared,
  { reactivate, notes }: { readonly reactivate: boolean; readonly notes: string[] },
): readonly Step[] {
  if (before.status !== 'suspended' || input.status !== 'active') return [];
  if (!reactivate) {
    notes.push(`organization ${before.name} is suspended and stays so (--reactivate opens it)`);
    return [];
  }
  return [
    {
      action: 'reactivate',
      noun: 'organization',
      name: before.name,
      changed: { status: { from: 'suspended', to: 'active' } },
      async run(tx) {
        await changeOrganization(tx, { id: before.id, patch: { status: 'active' } });
        reactivated(tx, { type: 'organization', id: before.id }, 'organization');
      },
    },
  ];
}

/** Walks without recursion: a file may hold a long chain. Circles have been refused before. */
function parentsFirst(declared: readonly Declared[]): readonly Declared[] {
  const byKey = new Map(declared.map((entry) => [comparisonKey(entry.input.name), entry]));
  const ordered = new Set<Declared>();
  for (const entry of declared) {
    const chain: Declared[] = [];
    for (let next: Declared | undefined = entry; next !== undefined && !ordered.has(next); ) {
      chain.unshift(next);
      next = next.parent === undefined ? undefined : byKey.get(comparisonKey(next.parent));
    }
    for (const one of chain) ordered.add(one);
  }
  return [...ordered];
}
