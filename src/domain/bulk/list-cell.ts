/** Several values in one cell: `Sales;R&D`; a backslash stands before a semicolon or backslash that belongs to a value. */
export function splitList(text: string): readonly string[] {
  const parts = [''];
  for (const [token] of text.matchAll(/\\[\s\S]|[^\\;]+|[\\;]/g)) {
    if (token === ';') parts.push('');
    else parts[parts.length - 1] += token.length === 2 && token.startsWith('\\') ? token.slice(1) : token;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

export const joinList = (values: readonly unknown[]): string =>
  values.map((value) => String(value).replaceAll(/[\\;]/g, '\\$&')).join(';');
