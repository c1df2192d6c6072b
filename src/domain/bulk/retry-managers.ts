import { conflict } from '../../kernel/errors.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import type { Counts } from './apply-batch.ts';
import { keepFaults } from './bulk-import.ts';
import { MANAGER_POINTER, MANAGER_UNKNOWN } from './plan-row.ts';
import type { RowFault, SourceRow } from './source-row.ts';

/** Where a row names its manager; an array on one line has many rows on it. */
export const placeOf = (row: SourceRow): string => keyOf({ line: row.line, column: row.columnOf(MANAGER_POINTER) });
const keyOf = ({ line, column }: Pick<RowFault, 'line' | 'column'>): string => `${line}:${column}`;

/** Of an import, the places of rows that were refused for their manager alone: who it is may stand further down. */
export async function placesToRetry(read: Reader, id: string): Promise<ReadonlySet<string>> {
  const rows = await read.query<Pick<RowFault, 'line' | 'column'>>(
    'SELECT line, column_number AS "column" FROM bulk_import_faults WHERE import_id = $1 AND code = $2',
    [id, MANAGER_UNKNOWN],
  );
  return new Set(rows.map(keyOf));
}

export async function* atPlaces(
  rows: AsyncIterable<SourceRow>,
  places: ReadonlySet<string>,
): AsyncGenerator<SourceRow> {
  for await (const row of rows) if (places.has(placeOf(row))) yield row;
}

type Amendment = {
  readonly id: string;
  readonly before: Counts;
  readonly counts: Counts;
  readonly rows: readonly SourceRow[];
  readonly faults: readonly RowFault[];
};

/** In the transaction that tried these rows again. Throws `conflict('imports.running')` when somebody else does. */
export async function amendImport(tx: Tx, { id, before, counts, rows, faults }: Amendment): Promise<void> {
  const amended = await tx.query(
    `WITH amended AS (
       UPDATE bulk_imports SET counts = $3, updated_at = $4
       WHERE id = $1 AND counts = $2::jsonb AND completed_at IS NULL RETURNING id
     ), settled AS (
       DELETE FROM bulk_import_faults WHERE import_id IN (SELECT id FROM amended) AND code = $6
         AND line || ':' || column_number = ANY ($5::text[]))
     SELECT id FROM amended`,
    [id, before, counts, tx.now, rows.map(placeOf), MANAGER_UNKNOWN],
  );
  if (amended.length === 0)
    throw conflict('imports.running', { detail: 'this import is completed, or runs elsewhere' });
  await keepFaults(tx, id, faults);
}
