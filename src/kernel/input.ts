import type { z } from 'zod';
import { type Fault, invalid } from './errors.ts';
import { isStorableText } from './text.ts';

/** Parses what came from outside; throws `invalid(code)` with one fault per place (RFC 6901 pointers). */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown, code: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(code, {
    detail: 'the input is not as expected',
    faults: result.error.issues.flatMap((issue) => faultsOf(issue)),
  });
}

/** One zod issue as faults; an unknown member is named by its own place, a pointer into the body or a parameter's name. */
export function faultsOf(issue: z.core.$ZodIssue, place: 'pointer' | 'parameter' = 'pointer'): Fault[] {
  const at = (path: readonly PropertyKey[], detail: string): Fault => ({
    ...(place === 'pointer' ? { pointer: pointerTo(path) } : { parameter: path.map(String).join('.') }),
    code: issue.code,
    detail,
  });
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => at([...issue.path, key], `unknown field ${isStorableText(key) ? key : ''}`.trim()));
  return [at(issue.path, issue.message)];
}

/** RFC 6901 §3: a JSON Pointer. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
