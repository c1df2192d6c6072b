import { conflict, notFound } from '../../kernel/errors.ts';
import { isUuid, newId } from '../../kernel/ids.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import type { Counts } from './apply-batch.ts';
import type { RowFault } from './source-row.ts';

export type ImportFormat = 'csv' | 'json' | 'ldif';

/** One import of a file, and how far it is committed. */
export type BulkImport = {
  readonly id: string;
  readonly fileDigest: Buffer;
  readonly format: ImportFormat;
  readonly committedRows: number;
  readonly counts: Counts;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly completedAt: Date | null;
};

export const NOTHING: Counts = { created: 0, updated: 0, deactivated: 0, unchanged: 0, refused: 0 };

export const addCounts = (one: Counts, other: Counts): Counts => ({
  created: one.created + other.created,
  updated: one.updated + other.updated,
  deactivated: one.deactivated + other.deactivated,
  unchanged: one.unchanged + other.unchanged,
  refused: one.refused + other.refused,
});

const COLUMNS = /* sql */ `id, file_digest AS "fileDigest", format, committed_rows AS "committedRows", counts,
  started_at AS "startedAt", updated_at AS "updatedAt", completed_at AS "completedAt"`;

/** Throws `not_found`. */
export async function getBulkImport(read: Reader, id: string): Promise<BulkImport> {
  const [row] = isUuid(id)
    ? await read.query<BulkImport>(`SELECT ${COLUMNS} FROM bulk_imports WHERE id = $1`, [id])
    : [];
  if (row === undefined) throw notFound('imports.not_found', { detail: 'there is no such import' });
  return row;
}

export async function startImport(
  tx: Tx,
  { fileDigest, format }: { readonly fileDigest: Buffer; readonly format: ImportFormat },
): Promise<string> {
  const id = newId(tx.now.getTime());
  await tx.query(
    `INSERT INTO bulk_imports (id, file_digest, format, counts, started_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)`,
    [id, fileDigest, format, NOTHING, tx.now],
  );
  tx.record({
    type: 'imports.started',
    target: { type: 'import', id },
    details: { format, fileDigest: fileDigest.toString('hex') },
  });
  return id;
}

type Advance = {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly counts: Counts;
  readonly faults: readonly RowFault[];
};

/**
 * In the transaction that changed the people: a row is committed together with the fact that it is. Throws
 * `conflict('imports.running')` when somebody else went on with this import meanwhile.
 */
export async function advanceImport(tx: Tx, { id, from, to, counts, faults }: Advance): Promise<void> {
  const moved = await tx.query(
    `WITH moved AS (
       UPDATE bulk_imports SET committed_rows = $3, counts = $4, updated_at = $5
       WHERE id = $1 AND committed_rows = $2 AND completed_at IS NULL RETURNING id)
     SELECT id FROM moved`,
    [id, from, to, counts, tx.now],
  );
  if (moved.length === 0) throw conflict('imports.running', { detail: 'this import is completed, or runs elsewhere' });
  await keepFaults(tx, id, faults);
}

async function keepFaults(tx: Tx, id: string, faults: readonly RowFault[]): Promise<void> {
  if (faults.length === 0) return;
  await tx.query(
    `INSERT INTO bulk_import_faults (import_id, line, column_number, attribute, code, detail)
     SELECT $1, * FROM unnest($2::integer[], $3::integer[], $4::text[], $5::text[], $6::text[])`,
    [
      id,
      faults.map(({ line }) => line),
      faults.map(({ column }) => column),
      faults.map(({ attribute }) => attribute),
      faults.map(({ code }) => code),
      faults.map(({ detail }) => detail),
    ],
  );
}

export async function completeImport(tx: Tx, { id, counts }: Pick<BulkImport, 'id' | 'counts'>): Promise<void> {
  await tx.query('UPDATE bulk_imports SET completed_at = $2, updated_at = $2 WHERE id = $1', [id, tx.now]);
  tx.record({ type: 'imports.completed', target: { type: 'import', id }, details: { ...counts } });
}

const FAULTS_AT_ONCE = 1000;

/** What was refused and noticed, in the order of the file, a thousand at a time. */
export async function* faultsOfImport(read: Reader, id: string): AsyncGenerator<readonly RowFault[]> {
  let after = '0';
  for (;;) {
    const rows = await read.query<RowFault & { place: string }>(
      `SELECT line, place, column_number AS "column", attribute, code, detail FROM bulk_import_faults
       WHERE import_id = $1 AND place > $2 ORDER BY place LIMIT ${FAULTS_AT_ONCE}`,
      [id, after],
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < FAULTS_AT_ONCE) return;
    after = last.place;
  }
}
