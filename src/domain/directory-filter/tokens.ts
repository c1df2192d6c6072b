import { isStorableText } from '../../kernel/text.ts';

export type Token =
  | { readonly kind: 'word' | 'symbol'; readonly text: string; readonly position: number; readonly end: number }
  | {
      readonly kind: 'literal';
      readonly value: string | number;
      readonly text: string;
      readonly position: number;
      readonly end: number;
    };

export type Report = (position: number, problem: string) => Error;

const SPACE = /[ \t\r\n]*/y;
/** Names, operators, `true`, `false`, `null`, and names behind a URN (RFC 8141 characters that SCIM's URNs use). */
const WORD = /[A-Za-z][\w$:.-]*/y;
const NUMBER = /-?(?:0|[1-9]\d{0,15})(?:\.\d{1,16})?(?:[eE][+-]?\d{1,2})?/y;
// Each character once: no way to backtrack.
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const SYMBOL = /[()[\].]/y;

/** The text in pieces, each with its place. */
export function tokensOf(text: string, report: Report): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    position += take(SPACE)?.length ?? 0;
    if (position >= text.length) return tokens;
    const token = tokenAt(position, take, report);
    tokens.push(token);
    position = token.end;
  }
}

function tokenAt(position: number, take: (pattern: RegExp) => string | undefined, report: Report): Token {
  const at = (text: string) => ({ text, position, end: position + text.length });
  const word = take(WORD);
  if (word !== undefined) return { kind: 'word', ...at(word) };
  const symbol = take(SYMBOL);
  if (symbol !== undefined) return { kind: 'symbol', ...at(symbol) };
  const number = take(NUMBER);
  if (number !== undefined) return { kind: 'literal', value: Number(number), ...at(number) };
  const string = take(STRING);
  if (string === undefined) throw report(position, 'this is no name, value or bracket; a text ends with "');
  return { kind: 'literal', value: unquoted(string, position, report), ...at(string) };
}

/** RFC 7644 §3.4.2.2: values are those of JSON. */
function unquoted(text: string, position: number, report: Report): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw report(position, 'this is no JSON string');
  }
  if (typeof value !== 'string' || !isStorableText(value))
    throw report(position, 'NUL and lone surrogates are not allowed');
  return value;
}
