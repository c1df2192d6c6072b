import type { Actor } from '../../kernel/actor.ts';
import { conflict, notFound } from '../../kernel/errors.ts';
import { isUuid, newId } from '../../kernel/ids.ts';
import { storableExcerpt } from '../../kernel/text.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import type { Counts } from './apply-batch.ts';
import type { ColumnMapping } from './columns.ts';
import type { RowFault } from './source-row.ts';

export type ImportFormat = 'csv' | 'json' | 'ldif';
export const IMPORT_CONTENTS = ['people', 'groups', 'role_assignments'] as const;
/** What the rows are about. */
export type ImportContent = (typeof IMPORT_CONTENTS)[number];
export const IMPORT_STATES = ['running', 'completed', 'cancelled', 'failed'] as const;

/** What was said beside the file. */
export type ImportChoices = { readonly mapping: ColumnMapping; readonly reactivate: boolean };

/** A file that came through the admin API. */
export type Upload = {
  readonly actor: Actor;
  /** What their token allowed: a narrow one must not do more by way of a file. */
  readonly permissions: readonly string[];
  readonly sizeBytes: number;
};

/** One import of a file, and how far it is committed. */
export type BulkImport = {
  readonly id: string;
  readonly fileDigest: Buffer;
  readonly format: ImportFormat;
  readonly content: ImportContent;
  readonly committedRows: number;
  readonly counts: Counts;
  readonly dryRun: boolean;
  readonly choices: ImportChoices;
  /** Null for the command line's. */
  readonly upload: Upload | null;
  readonly readBytes: number;
  readonly state: (typeof IMPORT_STATES)[number];
  /** Why it failed. */
  readonly error: string | null;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  /** When it ended, in whatever way. */
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

const COLUMNS = /* sql */ `id, file_digest AS "fileDigest", format, content, committed_rows AS "committedRows", counts,
  dry_run AS "dryRun", jsonb_build_object('mapping', '{}'::jsonb, 'reactivate', false) || choices AS choices, upload,
  read_bytes AS "readBytes", error,
  CASE WHEN completed_at IS NULL THEN 'running' ELSE coalesce(ended_as, 'completed') END AS state,
  started_at AS "startedAt", updated_at AS "updatedAt", completed_at AS "completedAt"`;

/** Throws `not_found`. */
export async function getBulkImport(read: Reader, id: string): Promise<BulkImport> {
  const [row] = isUuid(id)
    ? await read.query<BulkImport>(`SELECT ${COLUMNS} FROM bulk_imports WHERE id = $1`, [id])
    : [];
  if (row === undefined) throw notFound('imports.not_found', { detail: 'there is no such import' });
  return row;
}

/** The newest first. Throws invalid `request.cursor_invalid`. */
export async function searchImports(read: Reader, { cursor, limit }: PageRequest): Promise<Page<BulkImport>> {
  const before = cursor === undefined ? LAST_ID : decodeCursor(cursor, isUuid);
  const rows = await read.query<BulkImport>(
    `SELECT ${COLUMNS} FROM bulk_imports WHERE id < $1 ORDER BY id DESC LIMIT $2`,
    [before, limit + 1],
  );
  return toPage(rows, limit, ({ id }) => id);
}

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export type NewImport = Pick<BulkImport, 'fileDigest' | 'format' | 'content' | 'choices'> & {
  readonly id?: string | undefined;
  readonly dryRun?: boolean;
  readonly upload?: Upload;
};

export async function startImport(tx: Tx, started: NewImport): Promise<string> {
  const { id = newId(tx.now.getTime()), fileDigest, format, content, choices, dryRun = false, upload = null } = started;
  await tx.query(
    `INSERT INTO bulk_imports (id, file_digest, format, content, counts, dry_run, choices, upload, started_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
    [id, fileDigest, format, content, NOTHING, dryRun, choices, upload, tx.now],
  );
  tx.record({
    type: 'imports.started',
    target: { type: 'import', id },
    details: { content, format, fileDigest: fileDigest.toString('hex'), ...(dryRun ? { dryRun } : {}) },
  });
  return id;
}

type Advance = {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly counts: Counts;
  readonly faults: readonly RowFault[];
  /** How much of the file was read for it. */
  readonly readBytes: number;
};

/**
 * In the transaction that changed the people: a row is committed together with the fact that it is. Throws
 * `conflict('imports.running')` when somebody else went on with this import meanwhile.
 */
export async function advanceImport(tx: Tx, { id, from, to, counts, faults, readBytes }: Advance): Promise<void> {
  const moved = await tx.query(
    `WITH moved AS (
       UPDATE bulk_imports SET committed_rows = $3, counts = $4, updated_at = $5, read_bytes = $6
       WHERE id = $1 AND committed_rows = $2 AND completed_at IS NULL RETURNING id)
     SELECT id FROM moved`,
    [id, from, to, counts, tx.now, readBytes],
  );
  if (moved.length === 0) throw conflict('imports.running', { detail: 'this import is completed, or runs elsewhere' });
  await keepFaults(tx, id, faults);
}

const LONGEST_NAME = 300;
const LONGEST_DETAIL = 1_000;

export async function keepFaults(tx: Tx, id: string, faults: readonly RowFault[]): Promise<void> {
  if (faults.length === 0) return;
  await tx.query(
    `INSERT INTO bulk_import_faults (import_id, line, column_number, attribute, code, detail)
     SELECT $1, * FROM unnest($2::integer[], $3::integer[], $4::text[], $5::text[], $6::text[])`,
    [
      id,
      faults.map(({ line }) => line),
      faults.map(({ column }) => column),
      // Both may hold names out of the file.
      faults.map(({ attribute }) => storableExcerpt(attribute, LONGEST_NAME)),
      faults.map(({ code }) => code),
      faults.map(({ detail }) => storableExcerpt(detail, LONGEST_DETAIL)),
    ],
  );
}

type Ending =
  | { readonly id: string; readonly as: 'completed'; readonly counts: Counts }
  | { readonly id: string; readonly as: 'cancelled' }
  | { readonly id: string; readonly as: 'failed'; readonly error: string };

/** Its file is forgotten. False, and nothing is done, when it has ended already. */
export async function endImport(tx: Tx, { id, ...ending }: Ending): Promise<boolean> {
  const error = ending.as === 'failed' ? storableExcerpt(ending.error, LONGEST_DETAIL) : null;
  const ended = await tx.query(
    `WITH ended AS (
       UPDATE bulk_imports SET completed_at = $2, updated_at = $2, ended_as = nullif($3, 'completed'), error = $4
       WHERE id = $1 AND completed_at IS NULL RETURNING id
     ), forgotten AS (DELETE FROM bulk_import_chunks WHERE import_id IN (SELECT id FROM ended))
     SELECT id FROM ended`,
    [id, tx.now, ending.as, error],
  );
  if (ended.length === 0) return false;
  const details = ending.as === 'completed' ? { ...ending.counts } : error === null ? {} : { error };
  tx.record({ type: `imports.${ending.as}`, target: { type: 'import', id }, details });
  return true;
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

const isPlace = (text: string): boolean => /^\d{1,18}$/.test(text);

/** The same, one page. Throws invalid `request.cursor_invalid`. */
export async function searchFaults(
  read: Reader,
  { importId, cursor, limit }: PageRequest & { readonly importId: string },
): Promise<Page<RowFault>> {
  const rows = await read.query<RowFault & { place: string }>(
    `SELECT line, place, column_number AS "column", attribute, code, detail FROM bulk_import_faults
     WHERE import_id = $1 AND place > $2 ORDER BY place LIMIT $3`,
    [importId, cursor === undefined ? '0' : decodeCursor(cursor, isPlace), limit + 1],
  );
  return toPage(rows, limit, ({ place }) => place);
}
