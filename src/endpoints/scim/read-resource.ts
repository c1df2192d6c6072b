import {
  type Attribute,
  findAttribute,
  type ResourceShape,
  type Schema,
} from '../../domain/directory-filter/attribute.ts';
import { ScimRefusal } from './scim-error.ts';

/** A resource as JSON with names spelled as in its schema, without what has no value and what a client cannot write. */
export type WrittenResource = Readonly<Record<string, unknown>>;

/**
 * The body of a POST or PUT. Names are compared without regard to case (RFC 7643 §2.1), read-only attributes are passed over
 * (RFC 7644 §3.3), unknown ones refused by name, and null, empty text and empty lists are no value (RFC 7643 §2.5).
 */
export function readResource(body: unknown, shape: ResourceShape): WrittenResource {
  const members = objectOf(body, 'the body');
  assertSchemas(members, shape);
  const extensions = new Map(shape.extensions.map((extension) => [extension.id.toLowerCase(), extension]));
  const resource = new Map<string, unknown>();
  const attributes = [...shape.common, ...shape.schema.attributes];
  for (const [name, value] of Object.entries(members)) {
    const extension = extensions.get(name.toLowerCase());
    const attribute = extension === undefined ? findAttribute(attributes, name) : undefined;
    const key = extension?.id ?? attribute?.name;
    if (key === undefined) throw new ScimRefusal('invalidSyntax', `there is no attribute ${name.slice(0, 128)}`);
    if (resource.has(key)) throw new ScimRefusal('invalidSyntax', `${key} is there twice`);
    const read =
      extension !== undefined ? readExtension(value, extension) : attribute && readValue(value, attribute, key);
    if (read !== undefined) resource.set(key, read);
  }
  resource.delete('schemas');
  return Object.fromEntries(resource);
}

export const readExtension = (value: unknown, { id, attributes }: Schema): WrittenResource | undefined =>
  value === null ? undefined : readMembers(value, attributes, id);

/** RFC 7643 §3: the schemas of a resource are said, and all are its own. */
function assertSchemas(members: Readonly<Record<string, unknown>>, { schema, extensions }: ResourceShape): void {
  const [, given] = Object.entries(members).find(([name]) => name.toLowerCase() === 'schemas') ?? [];
  const urns = Array.isArray(given) ? given.map((urn) => String(urn).toLowerCase()) : [];
  const known = [schema, ...extensions].map(({ id }) => id.toLowerCase());
  if (!urns.includes(schema.id.toLowerCase())) throw new ScimRefusal('invalidSyntax', `schemas must hold ${schema.id}`);
  const unknown = urns.find((urn) => !known.includes(urn));
  if (unknown !== undefined) throw new ScimRefusal('invalidSyntax', `there is no schema ${unknown.slice(0, 200)} here`);
}

/** One value as its attribute has it; undefined is none. */
export function readValue(value: unknown, attribute: Attribute, place: string): unknown {
  if (attribute.mutability === 'readOnly' || value === null || value === undefined || value === '') return undefined;
  if (!attribute.multiValued) return readSingle(value, attribute, place);
  // Some clients send a list of one without its brackets.
  const items = (Array.isArray(value) ? value : [value]).flatMap((item, index) => {
    const read = readSingle(item, attribute, `${place}[${index}]`);
    return read === undefined ? [] : [read];
  });
  return items.length === 0 ? undefined : items;
}

function readSingle(value: unknown, attribute: Attribute, place: string): unknown {
  if (value === null || value === '') return undefined;
  switch (attribute.type) {
    case 'complex': {
      const subs = attribute.subAttributes ?? [];
      // RFC 7643 §2.4: the value alone. Microsoft Entra ID sends a manager like that.
      const isBare = typeof value === 'string' && findAttribute(subs, 'value') !== undefined;
      return readMembers(isBare ? { value } : value, subs, place);
    }
    case 'boolean':
      return readBoolean(value, place);
    case 'integer':
    case 'decimal':
      if (typeof value !== 'number') throw new ScimRefusal('invalidValue', `${place} is a number`);
      return value;
    default:
      if (typeof value !== 'string') throw new ScimRefusal('invalidValue', `${place} is text`);
      return value;
  }
}

/** Microsoft Entra ID sends "True" and "False". */
function readBoolean(value: unknown, place: string): boolean {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  if (text === 'true' || text === 'false') return text === 'true';
  throw new ScimRefusal('invalidValue', `${place} is true or false`);
}

function readMembers(value: unknown, attributes: readonly Attribute[], place: string): WrittenResource | undefined {
  const read = new Map<string, unknown>();
  for (const [name, member] of Object.entries(objectOf(value, place))) {
    // Some libraries repeat the URN inside the extension it names.
    if (name === 'schemas') continue;
    const attribute = findAttribute(attributes, name);
    if (attribute === undefined)
      throw new ScimRefusal('invalidSyntax', `${place} has no attribute ${name.slice(0, 128)}`);
    const one = readValue(member, attribute, `${place}.${attribute.name}`);
    if (one !== undefined) read.set(attribute.name, one);
  }
  return read.size === 0 ? undefined : Object.fromEntries(read);
}

function objectOf(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ScimRefusal('invalidSyntax', `${place} is an object`);
}
