import { z } from 'zod';
import { comparisonKey, isStorableText, normalised } from '../../kernel/text.ts';

/** The kinds of value a person's attributes have, each with its bounds. Empty is not a value: leave the attribute out. */

const CONTROL_CHARACTERS = /\p{Cc}/u;
/** A B-tree entry ends at 2,704 bytes, and NFKC can make one character eighteen. */
const LONGEST_KEY_BYTES = 1280;

const storable = (maximum: number) =>
  z
    .string()
    .min(1, 'expected text; leave the attribute out when there is none')
    .max(maximum, { error: `expected at most ${maximum} characters`, abort: true })
    .refine(isStorableText, 'NUL and lone surrogates are not allowed');

/** One line of text. */
export const lineOfText = (maximum: number) =>
  storable(maximum)
    .refine((text) => !CONTROL_CHARACTERS.test(text), 'control characters are not allowed')
    .refine((text) => text.trim() === text, 'white space at the start or end is not allowed');

/** Text that may hold line breaks. */
export const blockOfText = (maximum: number) =>
  storable(maximum).refine(
    (text) => !CONTROL_CHARACTERS.test(text.replaceAll(/[\r\n\t]/g, '')),
    'control characters are not allowed',
  );

/** One line of text that is also searched and compared by its key. */
export const keyedText = (maximum: number) =>
  lineOfText(maximum).refine(
    (text) => Buffer.byteLength(comparisonKey(text)) <= LONGEST_KEY_BYTES,
    'the text is too long in its compared form',
  );

/** Keyed text that tells one person from another: what cannot be seen (zero width, direction marks) is not allowed in it. */
export const identifyingText = (maximum: number) =>
  keyedText(maximum).refine((text) => !/\p{Cf}/u.test(text), 'invisible characters are not allowed');

const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?`;
const EMAIL = new RegExp(String.raw`^[^\s@"(),:;<>[\]\\\p{Cc}]{1,64}@${LABEL}(?:\.${LABEL})*$`, 'u');

/**
 * RFC 5321 §4.1.2 dot-string with the internationalised letters of RFC 6531; no quoted local part, no address literal.
 * Its NFKC form must be an address too: otherwise a look-alike `@` could move the domain.
 */
export const emailAddress = identifyingText(320).refine(
  (text) => EMAIL.test(text) && EMAIL.test(normalised(text)),
  'expected an e-mail address',
);

/** An absolute http or https URL without user name and password. */
export const webAddress = lineOfText(2048).refine((text) => {
  const url = /^https?:\/\//i.test(text) && !/\s/.test(text) ? URL.parse(text) : null;
  return url !== null && url.username === '' && url.password === '';
}, 'expected an http:// or https:// URL');

/** RFC 7643 §4.1.2: one DER certificate, in base64 (RFC 4648 §4). Kept as it comes: nothing here relies on what it says. */
export const certificate = storable(16_384).refine(isBase64, 'expected an X.509 certificate (DER) in base64');

function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}

/** OpenID Connect Core §5.1: `YYYY-MM-DD`, `0000-MM-DD` (year withheld) or `YYYY`. */
export const birthdate = lineOfText(10).refine((text) => {
  if (/^\d{4}$/.test(text)) return true;
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  // A leap year stands in for the year that is withheld.
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year === 0 ? 2000 : year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}, 'expected YYYY-MM-DD, 0000-MM-DD or YYYY');

/** RFC 3339 date-time with an offset, kept to the millisecond. */
export const moment = z.iso
  .datetime({ offset: true, error: 'expected a date and time with an offset such as 2026-01-31T09:00:00Z' })
  .refine((text) => Number.isFinite(Date.parse(text)), 'expected a date and time that exists')
  .transform((text) => new Date(text));

/** BCP 47 (RFC 5646) language tag. */
export const languageTag = lineOfText(64).refine(isLanguageTag, 'expected a language tag such as en-GB');

/** RFC 7643 §4.1.1: the form of an Accept-Language header (RFC 9110 §12.5.4). */
export const languagePreference = lineOfText(256).refine(
  (text) =>
    text.split(',').every((range) => {
      const [tag = '', ...weights] = range.split(';').map((part) => part.trim());
      return (
        (tag === '*' || isLanguageTag(tag)) &&
        weights.length <= 1 &&
        weights.every((weight) => /^q=(?:0(?:\.\d{1,3})?|1(?:\.0{1,3})?)$/.test(weight))
      );
    }),
  'expected language tags in the form of an Accept-Language header',
);

function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** A name of the IANA time zone database. */
export const timeZone = lineOfText(64).refine((text) => {
  try {
    return /^[A-Za-z]/.test(text) && new Intl.DateTimeFormat('en', { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}, 'expected a time zone name such as Europe/Berlin');
