import { conflict, DomainError } from '../../kernel/errors.ts';
import type { Reader, Transact, Tx } from '../../persistence/unit-of-work.ts';
import type { AdminPermission } from '../access/admin-permissions.ts';
import { assertStillHolds } from '../access/may-grant.ts';
import {
  type BulkImport,
  endImport,
  getBulkImport,
  type ImportContent,
  type NewImport,
  startImport,
  type Upload,
} from './bulk-import.ts';
import { importRows } from './import-rows.ts';
import { readUpload } from './keep-upload.ts';
import { readRows } from './read-rows.ts';
import { importKinds, shapeOf } from './shapes.ts';

/** Type of the outbox messages: an uploaded import is to be gone on with. */
export const IMPORT_DUE = 'imports.due';
/** Files that wait or are under way at a time. */
const MOST_UNDER_WAY = 20;
/** A message is in hand for a minute; then another one goes on. */
const SLICE_MS = 25_000;

/** Beside `imports:write` what it takes to do the same row by row. */
export const permissionToImport = {
  people: 'users:write',
  groups: 'groups:write',
  role_assignments: 'role-assignments:write',
} as const satisfies Record<ImportContent, AdminPermission>;

const neededToImport = (content: ImportContent): readonly AdminPermission[] => [
  'imports:write',
  permissionToImport[content],
];

const goOn = (tx: Tx, importId: string): void =>
  tx.enqueue({ type: IMPORT_DUE, target: `import:${importId}`, payload: { importId } });

/** Has a file that is kept imported in the background. Throws conflict `imports.too_many`. */
export async function startUploadedImport(
  tx: Tx,
  started: NewImport & { readonly id: string; readonly upload: Upload },
): Promise<BulkImport> {
  await assertStillHolds(tx, neededToImport(started.content));
  const [row] = await tx.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM bulk_imports WHERE upload IS NOT NULL AND completed_at IS NULL',
  );
  if ((row?.count ?? 0) >= MOST_UNDER_WAY)
    throw conflict('imports.too_many', {
      detail: `${MOST_UNDER_WAY} imports are under way: wait for one, or cancel one`,
    });
  const id = await startImport(tx, started);
  goOn(tx, id);
  return getBulkImport(tx, id);
}

/** What is committed stays. Throws `not_found` and conflict `imports.completed`. */
export async function cancelImport(tx: Tx, id: string): Promise<BulkImport> {
  const begun = await getBulkImport(tx, id);
  if (!(await endImport(tx, { id: begun.id, as: 'cancelled' })))
    throw conflict('imports.completed', { detail: 'this import has ended already' });
  return getBulkImport(tx, begun.id);
}

type Parts = { readonly read: Reader; readonly transact: Transact };

/**
 * Goes on with an uploaded import for a while, as whoever uploaded it and only as long as they may. A file that cannot be read, or
 * a right that is gone, ends it as failed. Throws what is worth another attempt.
 */
export async function runUploadedImport(
  parts: Parts,
  { id, signal, isLast }: { readonly id: string; readonly signal: AbortSignal; readonly isLast: boolean },
): Promise<void> {
  const begun = await getBulkImport(parts.read, id);
  const { upload } = begun;
  if (begun.state !== 'running' || upload === null) return;
  try {
    await parts.transact(upload.actor, (tx) => assertStillHolds(tx, neededToImport(begun.content)));
    const isComplete = await runSlice(parts, { ...begun, upload }, signal);
    if (signal.aborted) throw new Error('the server stops');
    if (!isComplete) await parts.transact(upload.actor, async (tx) => goOn(tx, id));
  } catch (error) {
    const isFinal = error instanceof DomainError && (error.kind === 'invalid' || error.kind === 'forbidden');
    if (signal.aborted || !(isFinal || isLast)) throw error;
    const reason = isFinal ? error.message : 'it failed again and again; the log of the server says why';
    await parts.transact(upload.actor, (tx) => endImport(tx, { id, as: 'failed', error: reason }));
    if (!isFinal) throw error;
  }
}

async function runSlice(
  parts: Parts,
  { id, format, content, fileDigest, dryRun, choices, upload }: BulkImport & { readonly upload: Upload },
  stopping: AbortSignal,
): Promise<boolean> {
  let readBytes = 0;
  async function* counted() {
    readBytes = 0;
    for await (const chunk of readUpload(parts.read, id)) {
      readBytes += chunk.length;
      yield chunk;
    }
    // Half a file must never pass for the whole one.
    if (readBytes !== upload.sizeBytes)
      throw conflict('imports.file_gone', { detail: 'the uploaded file is incomplete' });
  }
  const shape = await shapeOf(parts.read, content);
  const { isComplete } = await importRows(
    importKinds[content],
    parts,
    () => readRows(counted(), format, { shape, mapping: choices.mapping }),
    {
      format,
      fileDigest,
      dryRun,
      choices,
      actor: upload.actor,
      permissions: upload.permissions,
      resume: id,
      signal: AbortSignal.any([stopping, AbortSignal.timeout(SLICE_MS)]),
      readBytes: () => readBytes,
      onStart: () => {},
      onBatch: async () => {},
    },
  );
  return isComplete;
}
