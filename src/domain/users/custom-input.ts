import { z } from 'zod';

/** The name under which the attributes stand that the operator has defined (ADR 0032), in bodies and in files. */
export const CUSTOM = 'urn:doorward:params:scim:schemas:extension:custom:2.0:User';

const MOST_ATTRIBUTES = 200;
const scalar = z.union([z.string().max(4096), z.number(), z.boolean()]);
const value = z.union([scalar, z.array(scalar).max(100)]);
const byName = <Value extends z.ZodType>(one: Value) =>
  z
    .record(z.string().max(64), one)
    .refine((values) => Object.keys(values).length <= MOST_ATTRIBUTES, `expected at most ${MOST_ATTRIBUTES}`);

/** Only the form; what each attribute takes, and from whom, is in its definition and checked where it is written. */
export const customInput = byName(value).describe('Attributes defined at /user-attributes, by name.');
export const customPatch = byName(z.nullable(value));

export type CustomAttributes = z.output<typeof customInput>;
