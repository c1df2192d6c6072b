/**
 * RFC 4180. A spreadsheet takes a cell that begins so for a formula, and runs it: an apostrophe before it makes it text there, and is
 * taken away when the file comes back. Numbers, and telephone numbers with them, are left as they are.
 */
export function csvField(text: string): string {
  const isFormula = /^'*[=@\t\r+-]/.test(text) && !/^[+-][\d ().-]*$/.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const fromCsvField = (text: string): string => (/^'+[=@\t\r+-]/.test(text) ? text.slice(1) : text);
