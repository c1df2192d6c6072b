import { z } from 'zod';
import { birthdate, keyedText, lineOfText } from '../users/attribute-types.ts';

/** What a value may be: a subset of JSON Schema 2020-12 that can be checked in time linear in the value. */
const limits = { minimum: z.exactOptional(z.number()), maximum: z.exactOptional(z.number()) };
const length = z.exactOptional(z.int().min(1).max(1024));
const type = <Name extends string>(name: Name) => z.literal(name);

const scalar = z.union([
  z.strictObject({ type: type('string'), maxLength: length }),
  z.strictObject({ type: type('string'), format: z.literal('date') }),
  z.strictObject({
    type: type('string'),
    enum: z
      .array(keyedText(256))
      .min(1)
      .max(500)
      .refine((values) => new Set(values).size === values.length, 'a value is there twice'),
  }),
  z.strictObject({ type: type('boolean') }),
  z.strictObject({ type: type('integer'), ...limits }),
  z.strictObject({ type: type('number'), ...limits }),
]);

const MOST_VALUES = 100;

export const valueSchema = z.union([
  scalar,
  z.strictObject({ type: type('array'), items: scalar, maxItems: z.exactOptional(z.int().min(1).max(MOST_VALUES)) }),
]);

export type ScalarSchema = z.output<typeof scalar>;
export type ValueSchema = z.output<typeof valueSchema>;
export type ScalarValue = string | number | boolean;
export type CustomValue = ScalarValue | readonly ScalarValue[];

export const scalarOf = (schema: ValueSchema): ScalarSchema => (schema.type === 'array' ? schema.items : schema);

/** What cannot change while there are values: text stays text, one value stays one. */
export function kindOf(schema: ValueSchema): string {
  const { type: name, ...rest } = scalarOf(schema);
  return `${schema.type === 'array' ? 'array of ' : ''}${name}${'format' in rest ? ' date' : ''}`;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DEFAULT_LENGTH = 256;

/** Text that is searched is bounded by what an index entry holds. */
function textCheck(schema: Extract<ScalarSchema, { type: 'string' }>, isKeyed: boolean): z.ZodType<ScalarValue> {
  if ('enum' in schema) return z.enum(schema.enum as [string, ...string[]]);
  if ('format' in schema)
    return birthdate.refine((text) => DATE.test(text) && !text.startsWith('0000'), 'expected YYYY-MM-DD');
  const longest = ('maxLength' in schema ? schema.maxLength : undefined) ?? DEFAULT_LENGTH;
  return isKeyed ? keyedText(longest) : lineOfText(longest);
}

function scalarCheck(schema: ScalarSchema, isKeyed: boolean): z.ZodType<ScalarValue> {
  if (schema.type === 'string') return textCheck(schema, isKeyed);
  if (schema.type === 'boolean') return z.boolean();
  const { minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE } = schema;
  return (schema.type === 'integer' ? z.int() : z.number()).min(minimum).max(maximum);
}

/** The check of a value; `isKeyed` for one that is searched or unique. */
export function checkOf(schema: ValueSchema, isKeyed: boolean): z.ZodType<CustomValue> {
  if (schema.type !== 'array') return scalarCheck(schema, isKeyed);
  const { maxItems = MOST_VALUES } = schema;
  return z.array(scalarCheck(schema.items, isKeyed)).max(maxItems, `expected at most ${maxItems}`);
}
