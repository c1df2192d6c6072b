// A body that is right by its JSON Schema, small or with everything that may be in it: what it names need not exist.
export type JsonSchema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly format?: string;
};

type Sampling = { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly isWhole: boolean };

const FORMATS: Readonly<Record<string, string>> = {
  uuid: '01900000-0000-7000-8000-000000000001',
  email: 'nobody@example.com',
  'date-time': '2030-01-01T00:00:00Z',
  uri: 'https://example.com/',
};

export function sampleOf(schema: JsonSchema, sampling: Sampling): unknown {
  const { schemas, isWhole } = sampling;
  if (schema.$ref !== undefined) return sampleOf(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, sampling);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return sampleOf(first, sampling);
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((one) => sampleOf(one, sampling)));
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.find((name) => name !== 'null');
  switch (type) {
    case 'object': {
      const wanted = Object.entries(schema.properties ?? {}).filter(
        ([name]) => isWhole || schema.required?.includes(name),
      );
      return Object.fromEntries(wanted.map(([name, member]) => [name, sampleOf(member, sampling)]));
    }
    case 'array':
      return isWhole || (schema.minItems ?? 0) > 0 ? [sampleOf(schema.items ?? {}, sampling)] : [];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return FORMATS[schema.format ?? ''] ?? 'x'.repeat(Math.max(1, schema.minLength ?? 1));
  }
}
