import { z } from 'zod';
import { isStorableText } from '../../kernel/text.ts';

const CONTROL_CHARACTERS = /\p{Cc}/u;

/** One line of text with neither control characters nor white space at its ends. */
export const lineOfText = (maximum: number) =>
  z
    .string()
    .min(1, 'expected text; leave it out when there is none')
    .max(maximum, { error: `expected at most ${maximum} characters`, abort: true })
    .refine(isStorableText, 'NUL and lone surrogates are not allowed')
    .refine((text) => !CONTROL_CHARACTERS.test(text), 'control characters are not allowed')
    .refine((text) => text.trim() === text, 'white space at the start or end is not allowed');

/** RFC 6749 §3.3 scope-token. */
export const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

export const scopeToken = z
  .string()
  .min(1, 'expected a scope value')
  .max(256, 'expected at most 256 characters')
  .regex(SCOPE_TOKEN, 'expected printable ASCII without space, quotation mark and backslash (RFC 6749 §3.3)');

/** No value twice, so that what is stored is what was sent. */
export const withoutRepetition = <Item extends z.ZodType<string>>(item: Item, maximum: number) =>
  z
    .array(item)
    .max(maximum, `expected at most ${maximum} entries`)
    .refine((values) => new Set(values).size === values.length, 'the same value is there more than once');
