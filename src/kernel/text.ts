/**
 * The form in which names are compared: NFKC, full case folding by locale-free lower case, surrounding white space dropped.
 * RFC 7643 §2.1 makes `userName` and `emails.value` case-insensitive; NFKC keeps look-alike widths from being two people.
 */
export const comparisonKey = (text: string): string => text.normalize('NFKC').trim().toLowerCase().normalize('NFKC');

/** PostgreSQL cannot store NUL in text, and a lone surrogate has no UTF-8 form: both are refused at every door. */
export const isStorableText = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();
