import { isDeepStrictEqual } from 'node:util';
import type { ResourceShape } from '../../domain/directory-filter/attribute.ts';
import type { AttributePath, Filter } from '../../domain/directory-filter/filter.ts';
import { matches } from '../../domain/directory-filter/matches.ts';
import { type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { type PatchOperation, partsOfExtension } from './patch-request.ts';
import { readValue, type WrittenResource } from './read-resource.ts';
import { ScimRefusal } from './scim-error.ts';

/** The resource after all operations, in their order (RFC 7644 §3.5.2). Changes nothing it is given. */
export function applyPatch(
  resource: WrittenResource,
  operations: readonly PatchOperation[],
  shape: ResourceShape,
): WrittenResource {
  return operations.reduce((state, operation) => applied(state, operation, shape), resource);
}

function applied(resource: WrittenResource, operation: PatchOperation, shape: ResourceShape): WrittenResource {
  const { path } = operation;
  if (path.attribute === undefined)
    return partsOfExtension(operation, shape).reduce((state, part) => applied(state, part, shape), resource);
  const owner = path.extension === undefined ? resource : objectAt(resource[path.extension]);
  const before = owner[path.attribute.name];
  const after = path.attribute.multiValued
    ? manyAfter(asItems(before), operation, path)
    : singleAfter(before, operation, path);
  const changed = withMember(owner, path.attribute.name, after);
  return path.extension === undefined ? changed : withMember(resource, path.extension, orNothing(changed));
}

type Path = AttributePath & { readonly filter: Filter | undefined };
type Item = unknown;

/** More than any attribute of a person may have; what operations add up to is refused as soon as it is too much. */
const MOST_VALUES = 200;

function singleAfter(before: unknown, { op, value }: PatchOperation, { attribute, sub }: Path): unknown {
  if (sub !== undefined) {
    const read = op === 'remove' ? undefined : readValue(value, sub, `${attribute.name}.${sub.name}`);
    return orNothing(withMember(objectAt(before), sub.name, read));
  }
  if (op === 'remove') return undefined;
  const read = readValue(value, attribute, attribute.name);
  // RFC 7644 §3.5.2.1, §3.5.2.3: of a complex attribute, the sub-attributes that are given.
  return attribute.type === 'complex' && read !== undefined ? { ...objectAt(before), ...objectAt(read) } : read;
}

function manyAfter(before: readonly Item[], operation: PatchOperation, path: Path): readonly Item[] | undefined {
  const after =
    path.filter === undefined ? listAfter(before, operation, path) : chosenAfter(before, operation, path, path.filter);
  assertFew(after, path);
  const complete = after.filter((item) => !lacksValue(item, path));
  return complete.length === 0 ? undefined : withOnePrimary(before, complete);
}

/** The list as a whole. */
function listAfter(before: readonly Item[], { op, value }: PatchOperation, path: Path): readonly Item[] {
  const { attribute, sub } = path;
  if (sub !== undefined)
    return before.length === 0 && op !== 'remove'
      ? added([], readItems([{ [sub.name]: value }], path), path)
      : before.map((item) => withSub(item, op === 'remove' ? undefined : value, path));
  if (op === 'remove') {
    if (value === undefined || value === null) return [];
    // Microsoft Entra ID names the values to remove in `value`.
    const gone = readItems(value, path);
    assertFew(gone, path);
    const names = new Set(gone.map((one) => identityOf(one, path)));
    return before.filter((item) => !names.has(identityOf(item, path)));
  }
  const items = asItems(readValue(value, attribute, attribute.name));
  return op === 'replace' ? items : added(before, items, path);
}

/** The values that a filter chooses. */
function chosenAfter(
  before: readonly Item[],
  { op, value }: PatchOperation,
  path: Path,
  filter: Filter,
): readonly Item[] {
  const { sub } = path;
  const isChosen = (item: Item): boolean => matches(filter, objectAt(item));
  if (op === 'remove')
    return sub === undefined
      ? before.filter((item) => !isChosen(item))
      : before.map((item) => (isChosen(item) ? withSub(item, undefined, path) : item));
  if (!before.some(isChosen)) return [...before, made(filter, value, path)];
  if (sub !== undefined) return before.map((item) => (isChosen(item) ? withSub(item, value, path) : item));
  const [read] = readItems(value, path);
  if (read === undefined) return before.filter((item) => !isChosen(item));
  return before.map((item) => {
    if (!isChosen(item)) return item;
    return op === 'add' ? { ...objectAt(item), ...objectAt(read) } : read;
  });
}

/** What a filter of equalities describes when there is no such value yet: Microsoft Entra ID relies on it to add one. */
function made(filter: Filter, value: unknown, path: Path): Item {
  const described = equalities(filter);
  if (described === undefined)
    throw new ScimRefusal('noTarget', `no value of ${path.attribute.name} meets the filter (RFC 7644 §3.5.2.3)`);
  const given = path.sub === undefined ? objectAt(value) : { [path.sub.name]: value };
  const [item] = readItems([{ ...described, ...given }], path);
  return item;
}

function equalities(filter: Filter): WrittenResource | undefined {
  if (filter.kind === 'and') {
    const parts = filter.filters.map(equalities);
    return parts.some((part) => part === undefined) ? undefined : Object.assign({}, ...parts);
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.value === null) return undefined;
  return { [filter.path.attribute.name]: filter.value };
}

/** RFC 7644 §3.5.2.1: what is there already is not there twice; the same value with other sub-attributes takes them. */
function added(before: readonly Item[], items: readonly Item[], path: Path): readonly Item[] {
  assertFew(items, path);
  const after = new Map<string, Item>();
  for (const item of [...before, ...items]) {
    const name = identityOf(item, path);
    const known = after.get(name);
    after.set(name, known === undefined ? item : { ...objectAt(known), ...objectAt(item) });
  }
  return [...after.values()];
}

function assertFew(items: readonly Item[], { attribute }: Path): void {
  if (items.length > MOST_VALUES)
    throw new ScimRefusal('tooMany', `at most ${MOST_VALUES} values of ${attribute.name} in one operation`);
}

/** The same for values that are the same. Looked up, not compared each with each: a request may hold tens of thousands. */
function identityOf(item: Item, { attribute }: Path): string {
  const sub = attribute.subAttributes?.find(({ name }) => name === 'value');
  const { value } = objectAt(item);
  if (sub === undefined || typeof value !== 'string') return `whole ${canonicalJson(item as CanonicalValue)}`;
  return `value ${sub.caseExact ? value : comparisonKey(value)}`;
}

function withSub(item: Item, value: unknown, { attribute, sub }: Path): Item {
  if (sub === undefined) return item;
  return withMember(objectAt(item), sub.name, readValue(value, sub, `${attribute.name}.${sub.name}`));
}

/** RFC 7644 §3.5.2: a value that becomes primary takes that from the one that was. */
function withOnePrimary(before: readonly Item[], after: readonly Item[]): readonly Item[] {
  const primaries = after.filter((item) => objectAt(item).primary === true);
  if (primaries.length < 2) return after;
  const newest = primaries.findLast((item) => !before.some((one) => isDeepStrictEqual(one, item))) ?? primaries.at(-1);
  return after.map((item) =>
    objectAt(item).primary === true && item !== newest ? { ...objectAt(item), primary: false } : item,
  );
}

/** A value whose `value` was taken away is gone. */
function lacksValue(item: Item, { attribute }: Path): boolean {
  if (attribute.type !== 'complex') return false;
  const isNeeded = attribute.subAttributes?.some((sub) => sub.name === 'value' && sub.required) ?? false;
  return Object.keys(objectAt(item)).length === 0 || (isNeeded && objectAt(item).value === undefined);
}

const readItems = (value: unknown, { attribute }: Path): readonly Item[] =>
  asItems(readValue(value, attribute, attribute.name));

const asItems = (value: unknown): readonly Item[] => (Array.isArray(value) ? value : []);

const objectAt = (value: unknown): WrittenResource =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as WrittenResource) : {};

const orNothing = (value: WrittenResource): WrittenResource | undefined =>
  Object.keys(value).length === 0 ? undefined : value;

function withMember(owner: WrittenResource, name: string, value: unknown): WrittenResource {
  const { [name]: _, ...rest } = owner;
  return value === undefined ? rest : { ...rest, [name]: value };
}
