/**
 * Composing combining marks takes time quadratic in their number: a megabyte of them would hold the process for a minute. No
 * name and no password that is kept is longer than this; what is longer stays as it is, and so is the same as none of them.
 */
const LONGEST_NORMALISED = 4096;

/** Unicode NFKC, of text of bounded length. */
export const normalised = (text: string): string => (text.length > LONGEST_NORMALISED ? text : text.normalize('NFKC'));

/**
 * The form in which names are compared: NFKC, full case folding by locale-free lower case, surrounding white space dropped.
 * RFC 7643 §2.1 makes `userName` and `emails.value` case-insensitive; NFKC keeps look-alike widths from being two people.
 */
export const comparisonKey = (text: string): string =>
  text.length > LONGEST_NORMALISED ? text : normalised(normalised(text).trim().toLowerCase());

/** PostgreSQL cannot store NUL in text, and a lone surrogate has no UTF-8 form: both are refused at every door. */
export const isStorableText = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/** The beginning of a text from outside, fit to be stored: cut, a character is never left in halves. */
export const storableExcerpt = (text: string, longest: number): string =>
  text.slice(0, longest).replaceAll('\u0000', '\uFFFD').toWellFormed();
