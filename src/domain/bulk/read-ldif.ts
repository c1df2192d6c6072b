import { invalid } from '../../kernel/errors.ts';
import { groupBy } from '../../kernel/group-by.ts';
import { assemble, type Cell, type ColumnMapping } from './columns.ts';
import { joinList } from './list-cell.ts';
import type { ReadOptions } from './read-csv.ts';
import { columnFinder, type SourceRow } from './source-row.ts';

const LONGEST_LINE = 1024 * 1024;

type Value = { readonly name: string; readonly text: string; readonly line: number };
type Options = ReadOptions;

/** RFC 2849: entries, and changes of type add. Entries of other object classes are passed over. Throws `invalid`. */
export async function* readLdif(text: AsyncIterable<string>, options: Options): AsyncGenerator<SourceRow> {
  const mapping = new Map(Object.entries({ ...options.shape.ldif.attributes, ...lowerCased(options.mapping) }));
  let entry: Value[] = [];
  for await (const lines of unfolded(text)) {
    for (const { text: line, number } of lines) {
      if (line !== '') {
        if (!line.startsWith('#')) entry.push(attributeIn(line, number));
        continue;
      }
      const row = rowOf(entry, mapping, options);
      if (row) yield row;
      entry = [];
    }
  }
  const row = rowOf(entry, mapping, options);
  if (row) yield row;
}

const lowerCased = (mapping: ColumnMapping): ColumnMapping =>
  Object.fromEntries(Object.entries(mapping).map(([name, target]) => [name.toLowerCase(), target]));

type Line = { readonly text: string; readonly number: number };

/** RFC 2849 §2: a line that begins with a space continues the one before. Chunk by chunk: a file may have a line per byte. */
async function* unfolded(text: AsyncIterable<string>): AsyncGenerator<readonly Line[]> {
  let parts: string[] = [];
  let [first, length] = [0, 0];
  const held = (): Line => ({ text: parts.join(''), number: first });
  for await (const chunk of chunksOfLines(text)) {
    const whole: Line[] = [];
    for (const { text: line, number } of chunk) {
      if (line.startsWith(' ') && length > 0) {
        parts.push(line.slice(1));
        length += line.length;
      } else {
        if (parts.length > 0) whole.push(held());
        [parts, first, length] = [[line], number, line.length];
      }
      if (length > LONGEST_LINE) throw broken(number, 'a value is longer than 1 MiB');
    }
    yield whole;
  }
  if (parts.length > 0) yield [held()];
}

async function* chunksOfLines(text: AsyncIterable<string>): AsyncGenerator<readonly Line[]> {
  let rest = '';
  let number = 0;
  for await (const chunk of text) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw broken(number + 1, 'a line is longer than 1 MiB');
    const before = number;
    number += parts.length;
    yield parts.map((part, place) => ({
      text: part.replace(/\r$/, '').replace(/^\ufeff/, ''),
      number: before + place + 1,
    }));
  }
  if (rest !== '') yield [{ text: rest.replace(/\r$/, ''), number: number + 1 }];
}

function attributeIn(line: string, number: number): Value {
  const [, name, kind, rest = ''] = /^([A-Za-z0-9][A-Za-z0-9.;-]*):([:<]?) *(.*)$/s.exec(line) ?? [];
  if (name === undefined) throw broken(number, 'expected "attribute: value"');
  if (kind === '<') throw broken(number, 'values by URL are not read');
  return {
    name: name.toLowerCase().split(';')[0] ?? '',
    text: kind === ':' ? fromBase64(rest, number) : rest,
    line: number,
  };
}

function fromBase64(text: string, number: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64'));
  } catch {
    // A photograph, say: no text, and so no attribute of ours.
    if (/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return '';
    throw broken(number, 'this is no base64');
  }
}

function rowOf(
  entry: readonly Value[],
  mapping: ReadonlyMap<string, string | null>,
  { shape }: Options,
): SourceRow | undefined {
  const [first] = entry;
  if (first === undefined) return undefined;
  const classes = entry.filter(({ name }) => name === 'objectclass').map(({ text }) => text.toLowerCase());
  if (!classes.some((one) => shape.ldif.classes.has(one))) return undefined;
  const change = entry.find(({ name }) => name === 'changetype');
  if (change && change.text.toLowerCase() !== 'add') throw broken(change.line, 'of changes, only "add" is read');
  const cells = [...groupBy(entry, ({ name, text }) => shape.ldif.nameOf?.(name, text) ?? name)].flatMap(
    ([name, values]) => cellsOf(mapping.get(name), values, shape),
  );
  const { value, columns } = assemble(cells);
  const line = entry.find(({ name }) => name === 'dn')?.line ?? first.line;
  return { line, value, columnOf: columnFinder(columns), faults: [] };
}

function cellsOf(
  target: string | null | undefined,
  values: readonly Value[],
  shape: Options['shape'],
): readonly Cell[] {
  if (target === null || target === undefined) return [];
  const said = values.filter(({ text }) => text !== '');
  const column = (place: number) => {
    const resolved = shape.resolve(target.replace('[]', `[${place}]`));
    if (resolved) return resolved;
    throw invalid('imports.column_unknown', {
      detail: `the mapping names ${target}, which is no attribute of ${shape.noun}`,
    });
  };
  if (target.includes('[]')) return said.map(({ text }, place) => ({ column: column(place), text, number: 1 }));
  const [only] = said;
  if (only === undefined) return [];
  const names = said.map(({ text }) => shape.ldif.textOf(target, text));
  const text = column(0).kind === 'list' ? joinList(names) : only.text;
  return [{ column: column(0), text, number: 1 }];
}

const broken = (line: number, detail: string) =>
  invalid('imports.file_broken', { detail: `this is no LDIF at line ${line}: ${detail}` });
