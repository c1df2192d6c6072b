import { isDeepStrictEqual } from 'node:util';
import { conflict, type Fault, invalid } from '../../kernel/errors.ts';
import { faultsOf, pointerTo } from '../../kernel/input.ts';
import { comparisonKey, isStorableText } from '../../kernel/text.ts';
import { onConstraint, type Reader, type Tx } from '../../persistence/unit-of-work.ts';
import { listUserAttributes, type UserAttribute } from '../user-attributes/user-attribute.ts';
import type { Reading, Writing } from '../user-attributes/user-attribute-input.ts';
import { type CustomValue, checkOf, type ScalarValue } from '../user-attributes/value-schema.ts';
import { CUSTOM, type CustomAttributes } from './custom-input.ts';

type CustomChange = {
  readonly before: CustomAttributes;
  readonly after: CustomAttributes;
  /** Through which door; who runs commands on the host, and the product itself, may write what it likes. */
  readonly by: Writing;
};

/**
 * Checks every value that changes against its definition. Throws `invalid('users.invalid')` for what is unknown, wrong, or not
 * the writer's to write. Answers the definitions of what changed.
 */
export async function checkCustomChange(tx: Tx, change: CustomChange): Promise<readonly UserAttribute[]> {
  if (changedNames(change).length === 0) return [];
  const { faults, used } = customFaults(tx, await listUserAttributes(tx), change);
  if (faults.length > 0) throw invalid('users.invalid', { detail: 'the input is not as expected', faults });
  await keepDefinitions(tx, used);
  return used;
}

/** The same against definitions that were read before: what is wrong, and the definitions of what changes. */
export function customFaults(
  tx: Pick<Tx, 'actor'>,
  all: readonly UserAttribute[],
  change: CustomChange,
): { readonly faults: readonly Fault[]; readonly used: readonly UserAttribute[] } {
  const { before, after, by } = change;
  const definitions = new Map(all.map((attribute) => [attribute.name, attribute]));
  const changed = changedNames(change);
  const faults = changed.flatMap((name): readonly Fault[] => {
    const definition = definitions.get(name);
    if (definition === undefined)
      return [fault([name], 'unrecognized_keys', `unknown field ${printable(name)}`.trim())];
    const barred = whyBarred(tx, definition, { by, isSet: ownValue(before, name) !== undefined });
    if (barred !== undefined) return [fault([name], 'not_writable', barred)];
    return faultsIn(definition, ownValue(after, name));
  });
  return { faults, used: changed.flatMap((name) => definitions.get(name) ?? []) };
}

function changedNames({ before, after }: CustomChange): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => !isDeepStrictEqual(ownValue(before, name), ownValue(after, name)));
}

/** A definition that is being deleted takes the values with it: nobody writes one behind its back. */
export async function keepDefinitions(tx: Tx, used: readonly UserAttribute[]): Promise<void> {
  if (used.length === 0) return;
  const rows = await tx.whole.query('SELECT FROM user_attributes WHERE id = ANY ($1::uuid[]) FOR KEY SHARE', [
    used.map(({ id }) => id),
  ]);
  if (rows.length < used.length)
    throw conflict('user_attributes.deleted_meanwhile', { detail: 'an attribute was deleted meanwhile; try again' });
}

const ownValue = (values: CustomAttributes, name: string): CustomValue | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

const printable = (name: string): string => (isStorableText(name) ? name : '');

const fault = (path: readonly PropertyKey[], code: string, detail: string): Fault => ({
  pointer: pointerTo([CUSTOM, ...path]),
  code,
  detail,
});

function whyBarred(
  tx: Pick<Tx, 'actor'>,
  { mutability, writableBy }: UserAttribute,
  { by, isSet }: { readonly by: Writing; readonly isSet: boolean },
): string | undefined {
  if (mutability === 'immutable' && isSet) return 'this attribute is set once and does not change';
  if (tx.actor.type === 'operator' || tx.actor.type === 'system') return undefined;
  if (mutability === 'readOnly') return 'this attribute is read-only';
  return writableBy.includes(by) ? undefined : 'this attribute is not yours to write';
}

function faultsIn(definition: UserAttribute, value: CustomValue | undefined): readonly Fault[] {
  if (value === undefined) return [];
  const checked = checkOf(definition.schema, isKeyed(definition)).safeParse(value);
  if (checked.success) return [];
  return checked.error.issues.flatMap((issue) =>
    faultsOf({ ...issue, path: [CUSTOM, definition.name, ...issue.path] }),
  );
}

const isKeyed = ({ unique, searchable }: Pick<UserAttribute, 'unique' | 'searchable'>): boolean => unique || searchable;

/** The form in which values of an attribute are compared. */
export const keyOfValue = (value: ScalarValue): string =>
  typeof value === 'string' ? comparisonKey(value) : String(value);

type Indexed = {
  readonly userId: string;
  readonly custom: CustomAttributes;
  readonly definitions: readonly UserAttribute[];
};

/** Brings the index to the values of a person. Throws `conflict('users.attribute_taken')`. */
export const indexCustomValues = (tx: Tx, person: Indexed): Promise<void> => indexManyCustomValues(tx, [person]);

/** Of many people, with two statements for each attribute. */
export async function indexManyCustomValues(tx: Tx, people: readonly Indexed[]): Promise<void> {
  const keyed = new Map(people.flatMap(({ definitions }) => definitions.filter(isKeyed)).map((one) => [one.id, one]));
  for (const { id, name, unique } of keyed.values()) {
    const concerned = people.filter(({ definitions }) => definitions.some((one) => one.id === id));
    await tx.query('DELETE FROM user_attribute_keys WHERE attribute_id = $1 AND user_id = ANY ($2::uuid[])', [
      id,
      concerned.map(({ userId }) => userId),
    ]);
    const keys = concerned.flatMap(({ userId, custom }) =>
      [ownValue(custom, name) ?? []].flat().map((value) => ({ userId, key: keyOfValue(value as ScalarValue) })),
    );
    if (keys.length === 0) continue;
    await tx
      .query(
        `INSERT INTO user_attribute_keys (attribute_id, key, user_id, is_unique)
         SELECT DISTINCT $1::uuid, key, person, $2::boolean FROM unnest($3::text[], $4::uuid[]) AS given (key, person)`,
        [id, unique, keys.map(({ key }) => key), keys.map(({ userId }) => userId)],
      )
      .catch(onConstraint('user_attribute_keys_unique', () => taken(name)));
  }
}

function taken(name: string) {
  const detail = `another user has this ${name}`;
  return conflict('users.attribute_taken', { detail, faults: [fault([name], 'taken', detail)] });
}

/** What `reader` may see of someone's values. */
export function readableCustom(
  definitions: readonly UserAttribute[],
  custom: CustomAttributes | undefined,
  reader: Reading,
): CustomAttributes | undefined {
  if (custom === undefined) return undefined;
  const seen = definitions.filter(({ name, readableBy }) => readableBy.includes(reader) && Object.hasOwn(custom, name));
  return seen.length === 0 ? undefined : Object.fromEntries(seen.flatMap(({ name }) => entry(custom, name)));
}

const entry = (custom: CustomAttributes, name: string): [string, CustomAttributes[string]][] => {
  const value = custom[name];
  return value === undefined ? [] : [[name, value]];
};

/** For a search: which definitions are meant. Throws `invalid('users.invalid')` for what nobody is found by. */
export async function searchedAttributes(
  read: Reader,
  asked: Readonly<Record<string, string>>,
): Promise<readonly { readonly attributeId: string; readonly key: string }[]> {
  const names = Object.keys(asked);
  if (names.length === 0) return [];
  const definitions = new Map((await listUserAttributes(read)).map((attribute) => [attribute.name, attribute]));
  return names.map((name) => {
    const definition = definitions.get(name);
    if (definition === undefined || !isKeyed(definition) || !definition.readableBy.includes('admin')) {
      const detail = 'expected the name of a searchable attribute';
      throw invalid('users.invalid', { detail, faults: [{ parameter: `${CUSTOM}:${name}`, code: 'custom', detail }] });
    }
    return { attributeId: definition.id, key: comparisonKey(asked[name] ?? '') };
  });
}
