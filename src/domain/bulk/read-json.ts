import { invalid } from '../../kernel/errors.ts';
import type { ReadOptions } from './read-csv.ts';
import type { SourceRow } from './source-row.ts';

const LONGEST_OBJECT = 1024 * 1024;

type Piece = { readonly text: string; readonly line: number; readonly column: number };

/** An array of objects, or one after another (JSON Lines), without holding more than one. Throws `invalid`. */
export async function* readJson(
  text: AsyncIterable<string>,
  { shape: { fromJson = (value) => value } }: Pick<ReadOptions, 'shape'>,
): AsyncGenerator<SourceRow> {
  for await (const { text: json, line, column } of pieces(text)) {
    const at = () => column;
    try {
      yield { line, value: fromJson(JSON.parse(json)), columnOf: at, faults: [] };
    } catch {
      const fault = { line, column, attribute: '', code: 'imports.not_json', detail: 'this object is no JSON' };
      yield { line, value: {}, columnOf: at, faults: [fault] };
    }
  }
}

/** The texts of the objects at the top, or in an array at the top. */
async function* pieces(text: AsyncIterable<string>): AsyncGenerator<Piece> {
  const scan = { line: 1, column: 0, depth: 0, isText: false, isEscaped: false };
  let start: Omit<Piece, 'text'> | undefined;
  let held = '';
  for await (const chunk of text) {
    let from = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const character = chunk.charAt(index);
      scan.column += 1;
      if (character === '\n') Object.assign(scan, { line: scan.line + 1, column: 0 });
      if (start === undefined) {
        if (character === '{') {
          start = { line: scan.line, column: scan.column };
          [from, held] = [index, ''];
          scan.depth = 1;
        } else if (!/[\s,[\]\ufeff]/.test(character)) throw broken(scan);
      } else if (endsObject(scan, character)) {
        yield { ...start, text: held + chunk.slice(from, index + 1) };
        start = undefined;
      }
    }
    if (start !== undefined) held += chunk.slice(from);
    if (held.length > LONGEST_OBJECT) throw broken(scan);
  }
  if (start !== undefined) throw broken(scan);
}

function endsObject(scan: { depth: number; isText: boolean; isEscaped: boolean }, character: string): boolean {
  if (scan.isText) {
    if (scan.isEscaped) scan.isEscaped = false;
    else if (character === '\\') scan.isEscaped = true;
    else if (character === '"') scan.isText = false;
    return false;
  }
  if (character === '"') scan.isText = true;
  else if (character === '{') scan.depth += 1;
  else if (character === '}') scan.depth -= 1;
  return scan.depth === 0;
}

const broken = ({ line, column }: { readonly line: number; readonly column: number }) =>
  invalid('imports.file_broken', {
    detail: `expected objects, in an array or one after another, of at most 1 MiB each: line ${line}, column ${column}`,
  });
