import { comparisonKey } from '../../kernel/text.ts';
import { createPolicy, updatePolicy } from '../policy/change-policy.ts';
import type { Policy } from '../policy/policy.ts';
import { attributeChanges } from '../users/attribute-changes.ts';
import { policyKey } from './current-organizations.ts';
import { type CurrentState, MANAGED_BY } from './current-state.ts';
import type { Declaration } from './declaration-schema.ts';
import { additions, idOf, type Step } from './plan-step.ts';

type Declared = Declaration['policies'][number];

const CHANGEABLE = ['name', 'description', 'enabled', 'rules'] as const;

/** Whom a policy is for does not change: that is told, and left as it is. */
export function planPolicies(
  declared: readonly Declared[],
  state: CurrentState,
): { readonly steps: readonly Step[]; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const steps = declared.flatMap((entry): readonly Step[] => {
    const before = state.policies.get(policyKey(entry.input.name, entry.organization));
    if (before === undefined) return [creation(entry)];
    if ((entry.input.clientId ?? null) !== before.clientId)
      notes.push(`policy ${before.name}: clientId does not change; delete it and make another`);
    return update(before, entry);
  });
  return { steps, notes };
}

function creation({ input, organization }: Declared): Step {
  const { name, ...settings } = input;
  return {
    action: 'create',
    noun: 'policy',
    name,
    changed: additions({ ...settings, organization }),
    run(tx, { known }) {
      const owner =
        organization === undefined ? {} : { organizationId: idOf(known.organizationIds, comparisonKey(organization)) };
      return createPolicy(tx, { ...input, ...owner, managedBy: MANAGED_BY });
    },
  };
}

/** Of what somebody else made, only what the file says is changed. */
function update(before: Policy, { input, given }: Declared): readonly Step[] {
  const isOwned = before.managedBy === MANAGED_BY;
  const is = Object.fromEntries(
    CHANGEABLE.map((name) => [name, isOwned || given.has(name) ? (input[name] ?? null) : before[name]]),
  );
  const was = Object.fromEntries(CHANGEABLE.map((name) => [name, before[name]]));
  const changed = attributeChanges(was, is as never);
  if (Object.keys(changed).length === 0) return [];
  const run: Step['run'] = (tx) => updatePolicy(tx, { id: before.id, patch: is });
  return [{ action: 'update', noun: 'policy', name: before.name, changed, run }];
}
