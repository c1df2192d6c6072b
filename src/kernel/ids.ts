import { randomFillSync, randomUUID } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Text extends string> = string & { readonly [brand]: Text };

export type UserId = Branded<'UserId'>;
export type GroupId = Branded<'GroupId'>;
export type OrganizationId = Branded<'OrganizationId'>;
export type RoleId = Branded<'RoleId'>;
export type RoleAssignmentId = Branded<'RoleAssignmentId'>;
export type ResourceServerId = Branded<'ResourceServerId'>;
export type PermissionId = Branded<'PermissionId'>;
/** RFC 7591 `client_id`: chosen by the operator or generated; not a UUID. */
export type ClientId = Branded<'ClientId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);

const RANDOM_BYTES = 10;
const pool = Buffer.alloc(RANDOM_BYTES * 400);
let taken = pool.length;

/** Random bytes in stock: asking the system for each id costs more than everything else about it. */
function randomHex(): string {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  taken += RANDOM_BYTES;
  return pool.toString('hex', taken - RANDOM_BYTES, taken);
}

/** RFC 9562 §5.7: a time-ordered UUIDv7, so that keyset pages by id are pages by age and index inserts stay local. */
export function newId<Id extends string>(now = Date.now()): Id {
  const time = now.toString(16).padStart(12, '0');
  const random = randomHex();
  const variant = ((Number.parseInt(random.charAt(3), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}` as Id;
}

/** The id that ties an answer, its log lines and its audit events together (`X-Request-Id`). */
export const newRequestId = (): string => randomUUID();
