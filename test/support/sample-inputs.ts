// Inputs made from a JSON schema: the smallest that could be accepted, and each optional part by itself.
import type { Json } from './admin-api.ts';

/** What is put where an id is expected, told by the name it stands under. */
export type IdFor = (name: string) => string;

let count = 0;

/** All bodies that the schema's parts make, one part at a time. */
export function bodiesOf(schema: Json, idFor: IdFor): readonly Json[] {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>);
  const needed = new Set((schema.required ?? []) as readonly string[]);
  const least = () =>
    Object.fromEntries(
      properties.flatMap(([name, part]) => (needed.has(name) ? [[name, sample(name, part, idFor)]] : [])),
    );
  const more = properties.flatMap(([name, part]) =>
    needed.has(name) ? [] : [{ ...least(), [name]: sample(name, part, idFor) }],
  );
  return [least(), ...more];
}

function sample(name: string, schema: Json, idFor: IdFor): unknown {
  const choices = (schema.anyOf ?? schema.oneOf) as readonly Json[] | undefined;
  if (choices) return sample(name, choices.find(({ type }) => type !== 'null') ?? {}, idFor);
  if (Array.isArray(schema.enum)) return schema.enum.at(-1);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return 1;
    case 'array':
      return [sample(name, schema.items as Json, idFor)];
    case 'object':
      return Object.fromEntries(
        Object.entries((schema.properties ?? {}) as Record<string, Json>).map(([key, part]) => [
          key,
          sample(key === 'value' ? `${name}.value` : key, part, idFor),
        ]),
      );
    default:
      return text(name, schema, idFor);
  }
}

// An externalId is the caller's own word.
const HOLDS_ID = /^(id|(?!external).+Id|members\.value|manager\.value|values?)$/;

function text(name: string, { format }: Json, idFor: IdFor): string {
  count += 1;
  if (format === 'uuid' || HOLDS_ID.test(name)) return idFor(name);
  if (format === 'date-time') return '2030-01-01T00:00:00Z';
  if (format === 'email' || name === 'emails.value' || name === 'email') return `crawler-${count}@example.net`;
  if (name === 'domain') return `crawler-${count}.example.net`;
  if (name === 'password') return 'ten brown hens cross the yard';
  return `crawler-${count}`;
}
