import { comparisonKey } from '../../kernel/text.ts';
import type { BrandingOwner } from '../branding/branding.ts';
import { keptForm, setBranding } from '../branding/change-branding.ts';
import { settingChanges } from '../clients/client-state.ts';
import { brandingKey } from './current-organizations.ts';
import { type CurrentState, MANAGED_BY } from './current-state.ts';
import type { Declaration } from './declaration-schema.ts';
import { additions, idOf, type Known, type Step } from './plan-step.ts';

type Declared = Declaration['brandings'][number];

/** How pages look is one thing: colours whose contrast was checked together are not mixed with somebody else's. */
export function planBrandings(
  declared: readonly Declared[],
  state: CurrentState,
): { readonly steps: readonly Step[]; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const steps = declared.flatMap((entry): readonly Step[] => {
    const before = state.brandings.get(brandingKey(entry));
    const name = ownerName(entry);
    const { settings } = keptForm(entry.input);
    if (before === undefined) return [setting('create', name, additions(settings), entry)];
    const changed = settingChanges(before.settings, settings);
    if (Object.keys(changed).length === 0) return [];
    if (before.managedBy === MANAGED_BY) return [setting('update', name, changed, entry)];
    notes.push(`branding of ${name} was not made by a file and stays: delete it and apply again`);
    return [];
  });
  return { steps, notes };
}

const setting = (action: 'create' | 'update', name: string, changed: Step['changed'], entry: Declared): Step => ({
  action,
  noun: 'branding',
  name,
  ...(changed === undefined ? {} : { changed }),
  run: (tx, { known }) => setBranding(tx, { owner: ownerOf(entry, known), input: entry.input, managedBy: MANAGED_BY }),
});

const ownerName = ({ organization, clientId }: Declared): string => {
  if (organization !== undefined) return `organization ${organization}`;
  return clientId === undefined ? 'the deployment' : `client ${clientId}`;
};

function ownerOf({ organization, clientId }: Declared, known: Known): BrandingOwner {
  if (organization !== undefined)
    return { type: 'organization', id: idOf(known.organizationIds, comparisonKey(organization)) };
  return clientId === undefined ? { type: 'deployment' } : { type: 'client', id: clientId };
}
