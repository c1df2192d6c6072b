import type { Attribute, ResourceShape } from '../../domain/directory-filter/attribute.ts';
import { resolvePath } from '../../domain/directory-filter/resolve-path.ts';
import { ScimRefusal } from './scim-error.ts';

type Resource = Readonly<Record<string, unknown>>;

/** What of a resource is shown (RFC 7644 §3.9): `attributes` or `excludedAttributes` over each attribute's `returned`. */
export type Selection = {
  /** Whether an attribute of the top level is shown at all: what is not need not be read. */
  shows(name: string): boolean;
  project(resource: Resource): Resource;
  readonly isAsked: boolean;
};

export type SelectionRequest = {
  readonly attributes?: string | readonly string[] | undefined;
  readonly excludedAttributes?: string | readonly string[] | undefined;
};

/** Names the schema does not know show nothing. */
export function selectionOf(request: SelectionRequest, shape: ResourceShape): Selection {
  const included = namesOf(request.attributes);
  const excluded = namesOf(request.excludedAttributes);
  if (included.length > 0 && excluded.length > 0)
    throw new ScimRefusal('invalidValue', 'send attributes or excludedAttributes, not both (RFC 7644 §3.9)');
  const asked = asTree(included, shape);
  const left = asTree(excluded, shape);
  const isAsked = included.length > 0;
  const owners: readonly Attribute[] = [...shape.common, ...shape.schema.attributes];

  const isShown = (attribute: Attribute, chosen: Chosen, dropped: Chosen): boolean => {
    if (attribute.returned === 'always') return true;
    if (attribute.returned === 'never') return false;
    if (isAsked || attribute.returned === 'request') return chosen.has(attribute.name);
    return dropped.get(attribute.name) !== ALL;
  };
  const pick = (value: Resource, attributes: readonly Attribute[], chosen: Chosen, dropped: Chosen): Resource => {
    const picked: Record<string, unknown> = {};
    for (const attribute of attributes) {
      const { name } = attribute;
      if (value[name] !== undefined && isShown(attribute, chosen, dropped))
        picked[name] = pickSubs(value[name], attribute, chosen.get(name), dropped.get(name));
    }
    return picked;
  };

  return {
    isAsked: isAsked || excluded.length > 0,
    shows(name) {
      const attribute = owners.find((one) => one.name === name);
      return attribute !== undefined && isShown(attribute, asked.core, left.core);
    },
    project(resource) {
      const extensions = shape.extensions.flatMap(({ id, attributes }) => {
        const value = resource[id];
        const [chosen, dropped] = [asked.extensions.get(id), left.extensions.get(id)];
        if (!isResource(value) || dropped === ALL || (isAsked && chosen === undefined)) return [];
        if (chosen === ALL) return [[id, value]];
        const picked = pick(value, attributes, chosen ?? new Map(), dropped ?? new Map());
        return Object.keys(picked).length === 0 ? [] : [[id, picked]];
      });
      return { ...pick(resource, owners, asked.core, left.core), ...Object.fromEntries(extensions) };
    },
  };
}

const ALL = 'all';
type Subs = typeof ALL | ReadonlySet<string>;
type Chosen = ReadonlyMap<string, Subs>;
type Tree = { readonly core: Chosen; readonly extensions: ReadonlyMap<string, typeof ALL | Chosen> };

function asTree(names: readonly string[], shape: ResourceShape): Tree {
  const core = new Map<string, Subs>();
  const extensions = new Map<string, typeof ALL | Map<string, Subs>>();
  for (const name of names) {
    const resolved = resolvePath(name, shape);
    if ('extension' in resolved) extensions.set(resolved.extension, ALL);
    if (!('path' in resolved)) continue;
    const { extension, attribute, sub } = resolved.path;
    let chosen: 'all' | Map<string, Subs> | undefined = core;
    if (extension !== undefined) {
      chosen = extensions.get(extension) ?? new Map();
      extensions.set(extension, chosen);
    }
    if (chosen === ALL) continue;
    const before = chosen.get(attribute.name);
    if (sub === undefined || before === ALL) chosen.set(attribute.name, ALL);
    else chosen.set(attribute.name, new Set([...(before ?? []), sub.name]));
  }
  return { core, extensions };
}

function pickSubs(value: unknown, attribute: Attribute, chosen: Subs | undefined, dropped: Subs | undefined): unknown {
  if (chosen instanceof Set) return subsOf(value, (name) => chosen.has(name) || isAlways(attribute, name));
  const isShown = (name: string) => subOf(attribute, name)?.returned !== 'request';
  if (dropped instanceof Set)
    return subsOf(value, (name) => (!dropped.has(name) && isShown(name)) || isAlways(attribute, name));
  return attribute.subAttributes?.some(({ returned }) => returned === 'request') ? subsOf(value, isShown) : value;
}

const subOf = ({ subAttributes }: Attribute, name: string): Attribute | undefined =>
  subAttributes?.find((one) => one.name === name);

const isAlways = (attribute: Attribute, name: string): boolean => subOf(attribute, name)?.returned === 'always';

function subsOf(value: unknown, isKept: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => subsOf(one, isKept));
  return isResource(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => isKept(name))) : value;
}

const isResource = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const namesOf = (names: string | readonly string[] | undefined): readonly string[] =>
  (typeof names === 'string' ? names.split(',') : (names ?? []))
    .map((name) => name.trim())
    .filter((name) => name !== '');
