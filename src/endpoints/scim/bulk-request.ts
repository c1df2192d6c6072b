import { z } from 'zod';
import { BULK_REQUEST } from './messages.ts';
import { lowerCased } from './patch-request.ts';
import { ScimRefusal } from './scim-error.ts';

export const MOST_BULK_OPERATIONS = 1000;

export type BulkOperation = {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly bulkId: string | undefined;
  readonly version: string | undefined;
  readonly data: unknown;
};

export type BulkRequest = { readonly failOnErrors: number | undefined; readonly operations: readonly BulkOperation[] };

const bulkRequest = z.object({
  schemas: z.array(z.string()).refine((urns) => urns.includes(BULK_REQUEST), `schemas must hold ${BULK_REQUEST}`),
  failonerrors: z.exactOptional(z.int().min(1)),
  operations: z.array(z.unknown()).min(1, 'Operations is a list of at least one operation'),
});

const operation = z.object({
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .pipe(z.enum(['POST', 'PUT', 'PATCH', 'DELETE'])),
  path: z
    .string()
    .regex(/^\/(?:Users|Groups)(?:\/[\w:.-]{1,256})?$/, 'expected /Users, /Groups or one of them by its id'),
  bulkid: z.exactOptional(z.string().min(1).max(256)),
  version: z.exactOptional(z.string()),
  data: z.exactOptional(z.unknown()),
});

/** RFC 7644 §3.7. Throws 413 for too many operations. */
export function readBulk(body: unknown): BulkRequest {
  const { operations: given, failonerrors } = parsed(bulkRequest, lowerCased(body, 'the body'), '');
  if (given.length > MOST_BULK_OPERATIONS)
    throw new ScimRefusal('tooMany', `at most ${MOST_BULK_OPERATIONS} operations in one request`, 413);
  const operations = given.map((one, index) => readOperation(one, `Operations[${index}]`));
  const ids = operations.flatMap(({ bulkId }) => bulkId ?? []);
  if (new Set(ids).size < ids.length) throw new ScimRefusal('invalidValue', 'a bulkId is there twice');
  return { failOnErrors: failonerrors, operations };
}

function readOperation(given: unknown, place: string): BulkOperation {
  const { method, path, bulkid, version, data } = parsed(operation, lowerCased(given, place), `${place}.`);
  if (method === 'POST' && bulkid === undefined)
    throw new ScimRefusal('invalidValue', `${place}.bulkId: a POST needs one (RFC 7644 §3.7.2)`);
  if ((method === 'POST') !== /^\/\w+$/.test(path))
    throw new ScimRefusal('invalidPath', `${place}.path: POST takes a resource type, all else one resource`);
  return { method, path, bulkId: bulkid, version, data };
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ScimRefusal('invalidSyntax', `${place}${issue?.path.join('.') ?? ''}: ${issue?.message}`);
}
