import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { invalid } from '../../kernel/errors.ts';
import { assemble, type Cell, type ColumnMapping, type FileShape, resolveColumns } from './columns.ts';
import { fromCsvField } from './csv-field.ts';
import { columnFinder, faultAt, type SourceRow } from './source-row.ts';

const LONGEST_RECORD = 1024 * 1024;

export type ReadOptions = { readonly shape: FileShape; readonly mapping: ColumnMapping };

/** RFC 4180, with a header of attribute names. Throws `invalid` for a header or quoting that cannot be read. */
export async function* readCsv(text: AsyncIterable<string>, options: ReadOptions): AsyncGenerator<SourceRow> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
  });
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error)).pipe(parser);
  let columns: ReturnType<typeof resolveColumns> | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (columns === undefined) {
        const names = record.map((name) => name.trim());
        columns = resolveColumns(names, options);
        continue;
      }
      yield rowOf(record, columns, info.lines);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = 'lines' in error ? ` at line ${String(error.lines)}` : '';
    throw invalid('imports.file_broken', { detail: `this is no CSV${line}: ${error.message}`, cause: error });
  } finally {
    source.destroy();
  }
}

function rowOf(record: readonly string[], columns: ReturnType<typeof resolveColumns>, lastLine: number): SourceRow {
  const line = lastLine - record.reduce((breaks, field) => breaks + (field.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
  const cells = record.flatMap((text, index): Cell[] => {
    const column = columns[index];
    // An empty cell says nothing: what the person has stays.
    return column === undefined || text === '' ? [] : [{ column, text: fromCsvField(text), number: index + 1 }];
  });
  const { value, columns: places } = assemble(cells);
  const row: SourceRow = { line, value, columnOf: columnFinder(places), faults: [] };
  if (record.length === columns.length) return row;
  const detail = `expected ${columns.length} fields as in the header, found ${record.length}`;
  const column = Math.min(record.length, columns.length) + 1;
  return { ...row, faults: [{ ...faultAt(row, { code: 'imports.field_count', detail }), column }] };
}
