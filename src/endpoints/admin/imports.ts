import type pg from 'pg';
import { z } from 'zod';
import {
  type BulkImport,
  getBulkImport,
  IMPORT_CONTENTS,
  IMPORT_STATES,
  type ImportFormat,
  searchFaults,
  searchImports,
} from '../../domain/bulk/bulk-import.ts';
import { columnMapping } from '../../domain/bulk/columns.ts';
import { forgetUpload, keepUpload } from '../../domain/bulk/keep-upload.ts';
import { cancelImport, permissionToImport, startUploadedImport } from '../../domain/bulk/uploaded-import.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import { forbidden, invalid } from '../../kernel/errors.ts';
import { parseInput } from '../../kernel/input.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer, listSchema, pageParameters } from '../http/list-answer.ts';
import { accepted, defineRoute, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';

const tag = 'Imports';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such import' };

const FORMATS: Readonly<Record<string, ImportFormat>> = {
  'text/csv': 'csv',
  'application/json': 'json',
  'application/x-ndjson': 'json',
  'text/ldif': 'ldif',
};
/** About half a million people; the command line takes any size. */
export const LARGEST_UPLOAD_BYTES = 100_000_000;

const importResource = z.object({
  id: z.uuid(),
  state: z.enum(IMPORT_STATES),
  content: z.enum(IMPORT_CONTENTS),
  format: z.enum(['csv', 'json', 'ldif']),
  dryRun: z.boolean(),
  committedRows: z.int().describe('Rows of the file that are dealt with; of a dry run, that were tried.'),
  readBytes: z.int(),
  sizeBytes: z.int().nullable().describe('Null for an import of the command line.'),
  counts: z.object({
    created: z.int(),
    updated: z.int(),
    deactivated: z.int(),
    unchanged: z.int(),
    refused: z.int().describe('The report says why.'),
  }),
  error: z.string().nullable().describe('Why it failed. What was committed before stays.'),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  completedAt: z.iso.datetime().nullable(),
});

const faultResource = z.object({
  line: z.int().describe('Of the file, from 1.'),
  column: z.int().describe('The number of the field in CSV, of the character elsewhere.'),
  attribute: z.string(),
  code: z.string().describe('`notice.…`: the row was taken, but for this.'),
  detail: z.string(),
});

const flag = z.enum(['true', 'false']).default('false');

const routes = {
  start: defineRoute({
    method: 'POST',
    path: '/imports',
    operationId: 'startImport',
    summary: 'Import a file of people, of groups or of role assignments',
    description:
      'The body is the file: CSV, JSON (an array, or one object a line) or LDIF, as `doorward users import`, `groups import` and `role-assignments import` take it. It is kept, and imported in the background by whichever process is there, as whoever uploaded it and only while they hold `imports:write` and `users:write`, `groups:write` or `role-assignments:write`. Rows of people with groups or roles need the permission for these too.',
    tag,
    permission: 'imports:write',
    query: z.strictObject({
      content: z.enum(IMPORT_CONTENTS).default('people').describe('What its rows are about.'),
      dryRun: flag.describe('Check every row against the database, and change nothing.'),
      reactivate: flag.describe('Let people in again whom somebody else has put out.'),
      mapping: z
        .exactOptional(z.string().max(16_384))
        .describe('A JSON object: names of columns to attributes; null leaves one out.'),
    }),
    upload: { mediaTypes: Object.keys(FORMATS), largestBytes: LARGEST_UPLOAD_BYTES },
    responses: {
      202: { description: 'It is under way', schema: importResource },
      409: { description: 'Too many are' },
      413: { description: 'The file is too large' },
      415: { description: 'Another media type' },
    },
  }),
  list: defineRoute({
    method: 'GET',
    path: '/imports',
    operationId: 'searchImports',
    summary: 'List imports, newest first',
    tag,
    permission: 'imports:read',
    query: z.strictObject(pageParameters),
    responses: { 200: { description: 'One page', schema: listSchema('imports', importResource) } },
  }),
  get: defineRoute({
    method: 'GET',
    path: '/imports/:id',
    operationId: 'getImport',
    summary: 'See how far an import is',
    tag,
    permission: 'imports:read',
    params,
    responses: { 200: { description: 'The import', schema: importResource }, 404: missing },
  }),
  report: defineRoute({
    method: 'GET',
    path: '/imports/:id/report',
    operationId: 'searchImportReport',
    summary: 'List what was refused, by line and column of the file; none of its values',
    tag,
    permission: 'imports:read',
    params,
    query: z.strictObject(pageParameters),
    responses: { 200: { description: 'One page', schema: listSchema('faults', faultResource) }, 404: missing },
  }),
  cancel: defineRoute({
    method: 'POST',
    path: '/imports/:id/cancellation',
    operationId: 'cancelImport',
    summary: 'End an import; what is committed stays, and the file is forgotten',
    tag,
    permission: 'imports:write',
    params,
    responses: {
      200: { description: 'Cancelled', schema: importResource },
      404: missing,
      409: { description: 'It has ended already' },
    },
  }),
};

export type ImportsParts = {
  readonly read: Reader;
  readonly transact: Transact;
  readonly clock: Clock;
  /** Where uploads are kept, outside of any transaction. */
  readonly uploads: pg.Pool;
};

export function addImportRoutes(admin: ApiRouter, { read, transact, clock, uploads }: ImportsParts): void {
  admin.handle(routes.start, async ({ query, actor, permissions, openUpload }) => {
    const { content } = query;
    if (!permissions.has(permissionToImport[content])) throw needsAlso(permissionToImport[content]);
    const choices = { mapping: mappingOf(query.mapping), reactivate: query.reactivate === 'true' };
    const { mediaType, bytes } = openUpload();
    const format = FORMATS[mediaType] ?? 'csv';
    const { id, fileDigest, sizeBytes } = await keepUpload(uploads, bytes, clock.now());
    const upload = { actor: lastingActor(actor), permissions: [...permissions], sizeBytes };
    const started = { id, fileDigest, format, content, choices, dryRun: query.dryRun === 'true', upload };
    try {
      return underWay(await transact(actor, (tx) => startUploadedImport(tx, started)));
    } catch (error) {
      await forgetUpload(uploads, id);
      throw error;
    }
  });
  admin.handle(routes.list, async ({ query }) => {
    const page = await searchImports(read, { cursor: query.cursor, limit: query.limit });
    return listAnswer('imports', page, present, { path: `${ADMIN_PREFIX}/imports`, query });
  });
  admin.handle(routes.get, async ({ params: { id } }) => ok(present(await getBulkImport(read, id))));
  admin.handle(routes.report, async ({ params, query: { cursor, limit } }) => {
    const { id } = await getBulkImport(read, params.id);
    const page = await searchFaults(read, { importId: id, cursor, limit });
    return listAnswer('faults', page, presentFault, { path: `${ADMIN_PREFIX}/imports/${id}/report`, query: { limit } });
  });
  admin.handle(routes.cancel, async ({ params: { id }, actor }) =>
    ok(present(await transact(actor, (tx) => cancelImport(tx, id)))),
  );
}

const underWay = (started: BulkImport) => accepted(`${ADMIN_PREFIX}/imports/${started.id}`, present(started));

const needsAlso = (permission: string) =>
  forbidden('access.exceeds_own_permissions', { detail: `This import needs the permission ${permission} as well.` });

/** Without where the request came from: the import goes on after it. */
const lastingActor = ({ type, id, clientId, requestId }: Actor): Actor => ({
  type,
  id,
  ...(clientId === undefined ? {} : { clientId }),
  ...(requestId === undefined ? {} : { requestId }),
});

function mappingOf(text: string | undefined) {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const faults = [{ parameter: 'mapping', detail: 'expected a JSON object' }];
    throw invalid('imports.mapping_invalid', { detail: 'the mapping is no JSON', faults, cause: error });
  }
  return parseInput(columnMapping, value, 'imports.mapping_invalid');
}

const present = ({ upload, startedAt, updatedAt, completedAt, ...facts }: BulkImport): Record<string, unknown> => ({
  id: facts.id,
  state: facts.state,
  content: facts.content,
  format: facts.format,
  dryRun: facts.dryRun,
  committedRows: facts.committedRows,
  readBytes: facts.readBytes,
  sizeBytes: upload?.sizeBytes ?? null,
  counts: facts.counts,
  error: facts.error,
  startedAt: startedAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
  completedAt: completedAt?.toISOString() ?? null,
});

const presentFault = ({
  line,
  column,
  attribute,
  code,
  detail,
}: Awaited<ReturnType<typeof searchFaults>>['items'][number]) => ({
  line,
  column,
  attribute,
  code,
  detail,
});
