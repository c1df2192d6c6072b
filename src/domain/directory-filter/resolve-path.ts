import { type Attribute, findAttribute, type ResourceShape } from './attribute.ts';
import type { AttributePath } from './filter.ts';

export type Resolved = { readonly path: AttributePath } | { readonly extension: string } | { readonly problem: string };

/** Finds `[urn:]attribute[.sub]` (RFC 7644 §3.10) in what a resource is made of. */
export function resolvePath(text: string, shape: ResourceShape): Resolved {
  const lower = text.toLowerCase();
  const urns = [shape.schema, ...shape.extensions].sort((one, other) => other.id.length - one.id.length);
  const owner = urns.find(({ id }) => lower === id.toLowerCase() || lower.startsWith(`${id.toLowerCase()}:`));
  if (owner === undefined) return text.includes(':') ? unknown(text) : inCore(text, shape);
  const rest = text.slice(owner.id.length + 1);
  if (owner === shape.schema)
    return rest === '' ? { problem: 'name an attribute of this schema' } : inCore(rest, shape);
  if (rest === '') return { extension: owner.id };
  return within(rest, owner.attributes, owner.id);
}

const inCore = (text: string, { common, schema }: ResourceShape): Resolved =>
  within(text, [...common, ...schema.attributes], undefined);

/** Inside the brackets of a value path, names are those of the attribute's own sub-attributes. */
export function resolveSub(text: string, parent: Attribute): Resolved {
  const attribute = findAttribute(parent.subAttributes, text);
  return attribute === undefined ? unknown(text) : { path: { extension: undefined, attribute, sub: undefined } };
}

function within(text: string, attributes: readonly Attribute[], extension: string | undefined): Resolved {
  const [name = '', subName, ...more] = text.split('.');
  const attribute = findAttribute(attributes, name);
  if (attribute === undefined || more.length > 0) return unknown(text);
  if (subName === undefined) return { path: { extension, attribute, sub: undefined } };
  const sub = findAttribute(attribute.subAttributes, subName);
  return sub === undefined ? unknown(text) : { path: { extension, attribute, sub } };
}

const unknown = (text: string): Resolved => ({ problem: `there is no attribute ${text.slice(0, 128)}` });
