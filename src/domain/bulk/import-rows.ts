import type { Actor } from '../../kernel/actor.ts';
import { conflict, DomainError } from '../../kernel/errors.ts';
import type { Reader, Transact, Tx } from '../../persistence/unit-of-work.ts';
import type { Counts } from './apply-batch.ts';
import {
  addCounts,
  advanceImport,
  endImport,
  getBulkImport,
  type ImportChoices,
  type ImportContent,
  type ImportFormat,
  NOTHING,
  startImport,
} from './bulk-import.ts';
import { amendImport, atPlaces, placesToRetry } from './retry-managers.ts';
import { faultAt, type RowFault, type SourceRow } from './source-row.ts';

const ROWS_AT_ONCE = 300;

export type Outcome = { readonly counts: Counts; readonly faults: readonly RowFault[] };

/** What the rows of a file are about. */
export type ImportKind = {
  readonly content: ImportContent;
  /** The command line's. */
  readonly actor: Actor;
  /** Two rows about the same never share a batch: the later one has the last word. */
  readonly namesOf: (row: SourceRow) => readonly string[];
  /** In one transaction. Throws what the commands throw, and forbidden where whoever imports may not. */
  readonly importBatch: (tx: Tx, rows: readonly SourceRow[], options: ImportOptions) => Promise<Outcome>;
};

export type ImportOptions = {
  readonly format: ImportFormat;
  readonly fileDigest: Buffer;
  readonly dryRun: boolean;
  readonly choices: ImportChoices;
  /** Who imports: the command line, or whoever uploaded the file. */
  readonly actor?: Actor;
  /** What their token allowed; everything when absent. */
  readonly permissions?: readonly string[];
  /** The id of an import that was cut short. */
  readonly resume?: string | undefined;
  readonly signal: AbortSignal;
  /** How much of the file was read. */
  readonly readBytes: () => number;
  readonly onStart: (id: string | undefined) => void;
  readonly onBatch: (batch: { readonly counts: Counts; readonly faults: readonly RowFault[] }) => Promise<void>;
};

export type ImportSummary = {
  readonly id: string | undefined;
  readonly counts: Counts;
  /** False when it was asked to stop before the end. */
  readonly isComplete: boolean;
};

const actorOf = ({ kind, options }: Pick<Work, 'kind' | 'options'>): Actor => options.actor ?? kind.actor;

type Parts = { readonly read: Reader; readonly transact: Transact };
type Progress = { readonly id: string | undefined; rows: number; counts: Counts };

/**
 * Brings people, groups or role assignments to what the rows say, a few hundred in each transaction; a row is done whole or not at
 * all. People whose manager stands further down are tried again at the end, so the file is opened more than once. Throws `not_found` and `conflict` for an
 * import that cannot be resumed.
 */
export async function importRows(
  kind: ImportKind,
  parts: Parts,
  open: () => AsyncIterable<SourceRow>,
  options: ImportOptions,
): Promise<ImportSummary> {
  const progress = await begin(parts, { kind, options });
  options.onStart(progress.id);
  const stopped = () => ({ id: progress.id, counts: progress.counts, isComplete: false });
  for await (const batch of batches(kind, open(), progress.rows)) {
    if (options.signal.aborted) return stopped();
    await importBatchOf(parts, batch, { kind, options, progress });
  }
  if (!(await retryManagers(parts, open, { kind, options, progress, isRetry: true }))) return stopped();
  const { id, counts } = progress;
  if (id !== undefined)
    await parts.transact(actorOf({ kind, options }), (tx) => endImport(tx, { id, as: 'completed', counts }));
  return { id, counts, isComplete: true };
}

async function begin({ read, transact }: Parts, work: Pick<Work, 'kind' | 'options'>): Promise<Progress> {
  const { kind, options } = work;
  const { content } = kind;
  const { resume, dryRun, fileDigest, format, choices } = options;
  if (resume === undefined) {
    const started = { fileDigest, format, content, choices };
    const id = dryRun ? undefined : await transact(actorOf(work), (tx) => startImport(tx, started));
    return { id, rows: 0, counts: NOTHING };
  }
  const begun = await getBulkImport(read, resume);
  const { id, committedRows, counts, completedAt } = begun;
  if (completedAt !== null) throw conflict('imports.completed', { detail: 'this import is completed' });
  if (!begun.fileDigest.equals(fileDigest) || begun.format !== format || begun.content !== content)
    throw conflict('imports.other_file', { detail: 'this import was begun with another file: resume with that one' });
  if (begun.upload !== null && options.actor === undefined)
    throw conflict('imports.uploaded', { detail: 'this import was uploaded: the server goes on with it by itself' });
  return { id: dryRun && !begun.dryRun ? undefined : id, rows: committedRows, counts };
}

/** Again as long as somebody has got their manager by it: managers have managers. False when it was asked to stop. */
async function retryManagers(parts: Parts, open: () => AsyncIterable<SourceRow>, work: Work): Promise<boolean> {
  const { kind, options, progress } = work;
  // A dry run has nobody who came before.
  if (progress.id === undefined || options.dryRun || kind.content !== 'people') return true;
  let waiting = await placesToRetry(parts.read, progress.id);
  for (let left = Number.POSITIVE_INFINITY; waiting.size > 0 && waiting.size < left; ) {
    left = waiting.size;
    for await (const batch of batches(kind, atPlaces(open(), waiting), 0)) {
      if (options.signal.aborted) return false;
      await importBatchOf(parts, batch, work);
    }
    waiting = await placesToRetry(parts.read, progress.id);
  }
  return true;
}

/** Rows after those that are committed. Two rows about the same person never share a batch: the later one has the last word. */
async function* batches(
  { namesOf }: ImportKind,
  rows: AsyncIterable<SourceRow>,
  after: number,
): AsyncGenerator<readonly SourceRow[]> {
  let batch: SourceRow[] = [];
  const named = new Set<string>();
  let place = 0;
  for await (const row of rows) {
    place += 1;
    if (place <= after) continue;
    const names = namesOf(row);
    if (batch.length === ROWS_AT_ONCE || names.some((name) => named.has(name))) {
      yield batch;
      batch = [];
      named.clear();
    }
    batch.push(row);
    for (const name of names) named.add(name);
  }
  if (batch.length > 0) yield batch;
}

type Work = {
  readonly kind: ImportKind;
  readonly options: ImportOptions;
  readonly progress: Progress;
  readonly isRetry?: boolean;
};

/** All in one transaction. Where a command refuses what a row would do, the halves are tried, down to that row. */
async function importBatchOf(parts: Parts, rows: readonly SourceRow[], work: Work): Promise<void> {
  try {
    await commit(parts, rows, { ...work, attempt: (tx) => work.kind.importBatch(tx, rows, work.options) });
  } catch (error) {
    if (!(error instanceof DomainError) || error.code.startsWith('imports.')) throw error;
    const [first] = rows;
    if (first !== undefined && rows.length === 1) {
      const outcome = { counts: { ...NOTHING, refused: 1 }, faults: faultsIn(first, error) };
      return commit(parts, rows, { ...work, attempt: async () => outcome });
    }
    const middle = Math.ceil(rows.length / 2);
    await importBatchOf(parts, rows.slice(0, middle), work);
    await importBatchOf(parts, rows.slice(middle), work);
  }
}

function faultsIn(row: SourceRow, { code, message, faults }: DomainError): readonly RowFault[] {
  if (faults.length === 0) return [faultAt(row, { code, detail: message })];
  return faults.map((fault) => faultAt(row, { ...fault, code }));
}

class RolledBack extends Error {}

async function commit(
  { transact }: Parts,
  rows: readonly SourceRow[],
  { kind, options, progress, isRetry = false, attempt }: Work & { readonly attempt: (tx: Tx) => Promise<Outcome> },
): Promise<void> {
  const { rows: from, counts: before } = progress;
  const to = isRetry ? from : from + rows.length;
  let outcome: Outcome = { counts: NOTHING, faults: [] };
  // What is tried again was counted as refused.
  const base = isRetry ? addCounts(before, { ...NOTHING, refused: -rows.length }) : before;
  const countsWith = ({ counts }: Outcome): Counts => addCounts(base, counts);
  const advance = async (tx: Tx): Promise<void> => {
    if (progress.id === undefined) return;
    const { faults } = outcome;
    const counts = countsWith(outcome);
    if (isRetry) return amendImport(tx, { id: progress.id, before, counts, rows, faults });
    await advanceImport(tx, { id: progress.id, from, to, counts, faults, readBytes: options.readBytes() });
  };
  const actor = actorOf({ kind, options });
  await transact(actor, async (tx) => {
    outcome = await attempt(tx);
    if (options.dryRun) throw new RolledBack('a dry run is over');
    await advance(tx);
  }).catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
  // What a dry run found is kept, what it did is not.
  if (options.dryRun && progress.id !== undefined) await transact(actor, advance);
  progress.counts = countsWith(outcome);
  progress.rows = to;
  await options.onBatch({ counts: progress.counts, faults: outcome.faults });
}
