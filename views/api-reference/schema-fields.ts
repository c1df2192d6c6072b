import type { JsonSchema } from './openapi.ts';
import { resolve } from './openapi.ts';

export type SchemaField = {
  /** As it is written in code: `emails[].value`. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
};

type Schemas = Readonly<Record<string, JsonSchema>> | undefined;

const deepest = 4;

function refName(schema: JsonSchema): string | undefined {
  return schema.$ref?.split('/').at(-1);
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ?? schema.oneOf ?? [];
}

/** A schema in a word or two: "string (date-time)", "list of User", "active | disabled". */
export function typeName(schema: JsonSchema): string {
  const name = refName(schema);
  // Names beginning with two underscores are made up by the generator.
  if (name) return name.startsWith('__') ? 'object' : name;
  if (schema.enum) return schema.enum.map(String).join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.items) return `list of ${typeName(schema.items)}`;
  const options = alternatives(schema);
  if (options.length > 0) return [...new Set(options.map(typeName))].join(' | ');
  const type = typeof schema.type === 'string' ? schema.type : (schema.type?.join(' | ') ?? 'any');
  return schema.format ? `${type} (${schema.format})` : type;
}

function merged(schemas: Schemas, schema: JsonSchema): JsonSchema {
  const parts = (schema.allOf ?? []).map((part) => resolve(schemas, part) ?? {});
  return {
    ...schema,
    properties: Object.assign({}, ...parts.map(({ properties }) => properties), schema.properties),
    required: [...parts.flatMap(({ required }) => required ?? []), ...(schema.required ?? [])],
  };
}

function objectBehind(schemas: Schemas, schema: JsonSchema, steps = 0): { schema: JsonSchema; suffix: string } {
  const resolved = resolve(schemas, schema) ?? {};
  // A list of itself, or an alternative of itself, has no object behind it.
  if (steps > deepest) return { schema: {}, suffix: '' };
  if (resolved.items) {
    const inner = objectBehind(schemas, resolved.items, steps + 1);
    return { schema: inner.schema, suffix: `[]${inner.suffix}` };
  }
  const option = alternatives(resolved).find((each) => resolve(schemas, each)?.type !== 'null');
  return option ? objectBehind(schemas, option, steps + 1) : { schema: resolved, suffix: '' };
}

function fieldsBelow(schemas: Schemas, schema: JsonSchema, prefix: string, seen: readonly JsonSchema[]): SchemaField[] {
  const behind = objectBehind(schemas, schema);
  // A schema may contain itself (groups in groups): it is described once on each way down.
  if (seen.includes(behind.schema) || seen.length >= deepest) return [];
  const { properties, required } = merged(schemas, behind.schema);
  const here = prefix === '' ? behind.suffix : `${prefix}${behind.suffix}`;
  return Object.entries(properties ?? {}).flatMap(([name, property]) => {
    const path = here === '' ? name : `${here}.${name}`;
    const described = resolve(schemas, property)?.description ?? '';
    return [
      {
        name: path,
        type: typeName(property),
        isRequired: required?.includes(name) ?? false,
        description: property.description ?? described,
      },
      ...fieldsBelow(schemas, property, path, [...seen, behind.schema]),
    ];
  });
}

/** Every field of an object or list schema, nested ones by their path, at most four levels deep. */
export function schemaFields(schemas: Schemas, schema: JsonSchema): readonly SchemaField[] {
  return fieldsBelow(schemas, schema, '', []);
}
