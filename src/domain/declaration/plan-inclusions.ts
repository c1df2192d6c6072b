import { comparisonKey } from '../../kernel/text.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { fillGroupWith } from '../lifecycle/fill-group.ts';
import type { Declaration } from './declaration-schema.ts';
import { idOf, type Step } from './plan-step.ts';

/** One group among the members of another, both by the keys of their names. */
export type CurrentInclusion = { readonly groupKey: string; readonly includedKey: string };

const INCLUSIONS = /* sql */ `
  SELECT above.display_name_key AS "groupKey", included.display_name_key AS "includedKey"
  FROM group_inclusions i JOIN groups above ON above.id = i.group_id JOIN groups included ON included.id = i.included_group_id
  WHERE included.display_name_key = ANY ($1::text[]) AND included.organization_id IS NULL`;

export const readInclusions = (read: Reader, groupKeys: readonly string[]): Promise<readonly CurrentInclusion[]> =>
  read.query<CurrentInclusion>(INCLUSIONS, [groupKeys]);

/** Groups are put into those a file names, and never taken out by it: nobody remembers who put them there. */
export function planInclusions(groups: Declaration['groups'], current: readonly CurrentInclusion[]): readonly Step[] {
  const present = new Set(current.map(({ groupKey, includedKey }) => `${groupKey}\n${includedKey}`));
  return groups.flatMap(({ input: { displayName }, groups: above }) => {
    const includedKey = comparisonKey(displayName);
    return above
      .map((name) => ({ name, groupKey: comparisonKey(name) }))
      .filter(({ groupKey }) => !present.has(`${groupKey}\n${includedKey}`))
      .map(
        ({ name, groupKey }): Step => ({
          action: 'create',
          noun: 'group membership',
          name: `group ${displayName} in ${name}`,
          run: (tx, { known }) =>
            fillGroupWith(tx, {
              groupId: idOf(known.groupIds, groupKey),
              members: [{ value: idOf(known.groupIds, includedKey), type: 'Group' }],
            }),
        }),
      );
  });
}
