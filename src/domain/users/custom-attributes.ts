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
export async function checkCustomChange(
  tx: Tx,
  { before, after, by }: CustomChange,
): Promise<readonly UserAttribute[]> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => !isDeepStrictEqual(ownValue(before, name), ownValue(after, name)));
  if (changed.length === 0) return [];
  const definitions = new Map((await listUserAttributes(tx)).map((attribute) => [attribute.name, attribute]));
  const faults = changed.flatMap((name): readonly Fault[] => {
    const definition = definitions.get(name);
    if (definition === undefined)
      return [fault([name], 'unrecognized_keys', `unknown field ${printable(name)}`.trim())];
    const barred = whyBarred(tx, definition, { by, isSet: ownValue(before, name) !== undefined });
    if (barred !== undefined) return [fault([name], 'not_writable', barred)];
    return faultsIn(definition, ownValue(after, name));
  });
  if (faults.length > 0) throw invalid('users.invalid', { detail: 'the input is not as expected', faults });
  const used = changed.flatMap((name) => definitions.get(name) ?? []);
  await keepDefinitions(tx, used);
  return used;
}

/** A definition that is being deleted takes the values with it: nobody writes one behind its back. */
async function keepDefinitions(tx: Tx, used: readonly UserAttribute[]): Promise<void> {
  const rows = await tx.query('SELECT FROM user_attributes WHERE id = ANY ($1::uuid[]) FOR KEY SHARE', [
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
  tx: Tx,
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

/** Brings the index to the values of a person. Throws `conflict('users.attribute_taken')`. */
export async function indexCustomValues(
  tx: Tx,
  { userId, custom, definitions }: { userId: string; custom: CustomAttributes; definitions: readonly UserAttribute[] },
): Promise<void> {
  const keyed = definitions.filter(isKeyed);
  if (keyed.length === 0) return;
  await tx.query('DELETE FROM user_attribute_keys WHERE user_id = $1 AND attribute_id = ANY ($2::uuid[])', [
    userId,
    keyed.map(({ id }) => id),
  ]);
  for (const { id, name, unique } of keyed) {
    const keys = [ownValue(custom, name) ?? []].flat().map((value) => keyOfValue(value as ScalarValue));
    if (keys.length === 0) continue;
    await tx
      .query(
        `INSERT INTO user_attribute_keys (attribute_id, key, user_id, is_unique)
         SELECT DISTINCT $1::uuid, key, $2::uuid, $3::boolean FROM unnest($4::text[]) AS key`,
        [id, userId, unique, keys],
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
