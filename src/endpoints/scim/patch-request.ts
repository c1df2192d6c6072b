import { findAttribute, type ResourceShape } from '../../domain/directory-filter/attribute.ts';
import type { PatchPath } from '../../domain/directory-filter/filter.ts';
import { parsePatchPath } from '../../domain/directory-filter/parse-filter.ts';
import { PATCH_OP } from './messages.ts';
import { ScimRefusal } from './scim-error.ts';

/** One operation with one target; `undefined` where a removal names no values. */
export type PatchOperation = {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: PatchPath;
  readonly value: unknown;
};

const MOST_OPERATIONS = 1000;

/**
 * RFC 7644 §3.5.2, each operation without a path taken apart into one for each attribute it holds. Names of members and operations
 * are taken in any case ("Add", "Replace": Microsoft Entra ID).
 */
export function readPatch(body: unknown, shape: ResourceShape): readonly PatchOperation[] {
  const request = lowerCased(body, 'the body');
  const { schemas, operations } = request;
  if (!Array.isArray(schemas) || !schemas.includes(PATCH_OP))
    throw new ScimRefusal('invalidSyntax', `schemas must hold ${PATCH_OP}`);
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ScimRefusal('invalidSyntax', 'Operations is a list of at least one operation');
  if (operations.length > MOST_OPERATIONS)
    throw new ScimRefusal('tooMany', `at most ${MOST_OPERATIONS} operations in one request`);
  return operations.flatMap((operation, index) => readOperation(operation, `Operations[${index}]`, shape));
}

function readOperation(given: unknown, place: string, shape: ResourceShape): readonly PatchOperation[] {
  const { op: name, path, value } = lowerCased(given, place);
  const op = typeof name === 'string' ? name.toLowerCase() : '';
  if (op !== 'add' && op !== 'remove' && op !== 'replace')
    throw new ScimRefusal('invalidSyntax', `${place}.op is add, remove or replace`);
  if (path !== undefined && path !== null && path !== '') {
    if (typeof path !== 'string') throw new ScimRefusal('invalidPath', `${place}.path is text`);
    if (value === undefined && op !== 'remove') throw new ScimRefusal('invalidValue', `${place}.value is missing`);
    const target = parsePatchPath(path, shape);
    assertWritable(target);
    return [{ op, path: target, value }];
  }
  if (op === 'remove') throw new ScimRefusal('noTarget', `${place}: a removal names what to remove`);
  return Object.entries(objectOf(value, `${place}.value`)).flatMap(([key, member]) => {
    // RFC 7644 §3.5.2.1: a whole resource may come; what only the server says of it (Okta sends `id`) is passed over.
    const target = parsePatchPath(key, shape);
    return isReadOnly(target) || key.toLowerCase() === 'schemas' ? [] : [{ op, path: target, value: member }];
  });
}

function isReadOnly(path: PatchPath): boolean {
  if (path.attribute === undefined) return false;
  return path.attribute.mutability === 'readOnly' || path.sub?.mutability === 'readOnly';
}

function assertWritable(path: PatchPath): void {
  if (isReadOnly(path)) throw new ScimRefusal('mutability', `${path.attribute?.name} is read-only`);
}

/** The extension a path without an attribute names. */
export const extensionOf = ({ extension }: PatchPath, { extensions }: ResourceShape) =>
  extensions.find(({ id }) => id === extension);

/** The operations that an extension given as a whole stands for. */
export function partsOfExtension(operation: PatchOperation, shape: ResourceShape): readonly PatchOperation[] {
  const extension = extensionOf(operation.path, shape);
  if (extension === undefined) return [];
  const { op, value } = operation;
  if (op === 'remove')
    return extension.attributes.map((attribute) => ({
      op,
      path: { extension: extension.id, attribute, sub: undefined, filter: undefined },
      value: undefined,
    }));
  return Object.entries(objectOf(value, extension.id)).flatMap(([name, member]) => {
    if (name === 'schemas') return [];
    const attribute = findAttribute(extension.attributes, name);
    if (attribute === undefined)
      throw new ScimRefusal('invalidPath', `${extension.id} has no attribute ${name.slice(0, 128)}`);
    const path = { extension: extension.id, attribute, sub: undefined, filter: undefined };
    return attribute.mutability === 'readOnly' ? [] : [{ op, path, value: member }];
  });
}

export function objectOf(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ScimRefusal('invalidSyntax', `${place} is an object`);
}

export const lowerCased = (value: unknown, place: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(objectOf(value, place)).map(([name, member]) => [name.toLowerCase(), member]));
