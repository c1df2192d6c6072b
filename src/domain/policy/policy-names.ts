import { type Fault, invalid } from '../../kernel/errors.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { Conditions, Rule } from './policy-rule.ts';

/** What rules name, and keep by id: another name changes nothing, and what is gone is had by nobody. */
const REFERENCES = ['roles', 'groups', 'organizations'] as const;
export type Reference = (typeof REFERENCES)[number];

const tables: Readonly<Record<Reference, { readonly ids: string; readonly names: string }>> = {
  roles: {
    ids: 'SELECT id, name AS key FROM roles WHERE name = ANY ($1::text[])',
    names: 'SELECT id, name FROM roles WHERE id = ANY ($1::uuid[])',
  },
  groups: {
    ids: `SELECT id, display_name_key AS key FROM groups
          WHERE display_name_key = ANY ($1::text[]) AND organization_id IS NULL`,
    names: 'SELECT id, display_name AS name FROM groups WHERE id = ANY ($1::uuid[]) AND organization_id IS NULL',
  },
  organizations: {
    ids: 'SELECT id, name_key AS key FROM organizations WHERE name_key = ANY ($1::text[])',
    names: 'SELECT id, name FROM organizations WHERE id = ANY ($1::uuid[])',
  },
};

const keyOf = (reference: Reference, name: string): string => (reference === 'roles' ? name : comparisonKey(name));

const withConditions = (rule: Rule, change: (when: Conditions) => Conditions): Rule => ({
  ...rule,
  when: change(rule.when),
});

/** The rules as they are kept. Throws `policies.invalid` at each name that nothing has. */
export async function withIds(read: Reader, rules: readonly Rule[]): Promise<readonly Rule[]> {
  const faults: Fault[] = [];
  const kept = new Map(rules.map((rule) => [rule, rule]));
  for (const reference of REFERENCES) {
    const wanted = rules.flatMap(({ when }) => when[reference] ?? []).map((name) => keyOf(reference, name));
    if (wanted.length === 0) continue;
    const rows = await read.query<{ id: string; key: string }>(tables[reference].ids, [wanted]);
    const ids = new Map(rows.map(({ id, key }) => [key, id]));
    rules.forEach((rule, at) => {
      const names = rule.when[reference];
      if (names === undefined) return;
      names.forEach((name, index) => {
        if (ids.has(keyOf(reference, name))) return;
        const pointer = `/rules/${at}/when/${reference}/${index}`;
        faults.push({ pointer, code: 'unknown_reference', detail: `there is nothing of this name in ${reference}` });
      });
      const found = names.flatMap((name) => ids.get(keyOf(reference, name)) ?? []);
      kept.set(
        rule,
        withConditions(kept.get(rule) ?? rule, (when) => ({ ...when, [reference]: found })),
      );
    });
  }
  if (faults.length > 0) throw invalid('policies.invalid', { detail: 'a rule names what there is not', faults });
  return [...kept.values()];
}

/** Gives kept rules the names of now. A condition all of whose names are gone stays, empty: it holds for nobody. */
export async function namesOf(
  read: Reader,
  rules: readonly Rule[],
  references: readonly Reference[] = REFERENCES,
): Promise<(rules: readonly Rule[]) => readonly Rule[]> {
  const names = new Map<string, string>();
  for (const reference of references) {
    const ids = rules.flatMap(({ when }) => when[reference] ?? []);
    if (ids.length === 0) continue;
    const rows = await read.query<{ id: string; name: string }>(tables[reference].names, [ids]);
    for (const { id, name } of rows) names.set(`${reference} ${id}`, name);
  }
  const name = (when: Conditions): Conditions => ({
    ...when,
    ...Object.fromEntries(
      references.flatMap((reference) => {
        const ids = when[reference];
        return ids === undefined ? [] : [[reference, ids.flatMap((id) => names.get(`${reference} ${id}`) ?? [])]];
      }),
    ),
  });
  return (kept) => kept.map((rule) => withConditions(rule, name));
}
