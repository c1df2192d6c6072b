import type { Attribute, ResourceShape } from './attribute.ts';
import { resolvePath } from './resolve-path.ts';

/** What every resource shows of itself, whatever it is limited to. */
const ALWAYS = new Set(['schemas', 'id', 'meta']);

/** A resource type with these attributes alone (`[urn:]attribute`, or an extension as a whole). Undefined when it has none of them. */
export function limitShape(shape: ResourceShape, names: readonly string[]): ResourceShape | undefined {
  const resolved = names.map((name) => resolvePath(name, shape));
  const wholes = new Set(resolved.flatMap((one) => ('extension' in one ? [one.extension] : [])));
  const paths = resolved.flatMap((one) => ('path' in one ? [one.path] : []));
  const isNamed = (extension: string | undefined) => {
    const own = new Set(paths.filter((path) => path.extension === extension).map(({ attribute }) => attribute.name));
    return ({ name }: Attribute): boolean => own.has(name);
  };
  const isCore = isNamed(undefined);
  const extensions = shape.extensions
    .map((one) => (wholes.has(one.id) ? one : { ...one, attributes: one.attributes.filter(isNamed(one.id)) }))
    .filter(({ attributes }) => attributes.length > 0);
  const attributes = shape.schema.attributes.filter(isCore);
  const common = shape.common.filter((one) => ALWAYS.has(one.name) || isCore(one));
  if (attributes.length === 0 && extensions.length === 0) return undefined;
  return { ...shape, common, schema: { ...shape.schema, attributes }, extensions };
}
