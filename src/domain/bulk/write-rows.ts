import type { ImportFormat } from './bulk-import.ts';
import { csvField } from './csv-field.ts';
import { joinList } from './list-cell.ts';

export type FlatRow = Readonly<Record<string, string | readonly string[] | null | undefined>>;

export type RowWriter = {
  readonly format: ImportFormat;
  readonly columns: readonly string[];
  readonly ldifOf: (row: FlatRow) => string;
};

/** The text of a file whose rows have these columns and no others, in pieces. */
export async function* writeRows(
  rows: AsyncIterable<FlatRow>,
  { format, columns, ldifOf }: RowWriter,
): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.join(',')}\n`;
  for await (const row of rows) {
    if (format === 'ldif') yield ldifOf(row);
    else if (format === 'csv') yield `${columns.map((column) => csvField(cellOf(row[column]))).join(',')}\n`;
    else yield `${JSON.stringify(Object.fromEntries(columns.flatMap((column) => said(column, row[column]))))}\n`;
  }
}

const cellOf = (value: FlatRow[string]): string => (typeof value === 'object' ? joinList(value ?? []) : (value ?? ''));

const said = (column: string, value: FlatRow[string]): readonly (readonly [string, unknown])[] =>
  value === undefined || value === null || value.length === 0 ? [] : [[column, value]];

export const listOf = (value: FlatRow[string]): readonly string[] => (Array.isArray(value) ? value : []);
