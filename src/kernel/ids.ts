import { randomBytes, randomUUID } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Text extends string> = string & { readonly [brand]: Text };

export type UserId = Branded<'UserId'>;
export type GroupId = Branded<'GroupId'>;
export type RoleId = Branded<'RoleId'>;
export type RoleAssignmentId = Branded<'RoleAssignmentId'>;
export type ResourceServerId = Branded<'ResourceServerId'>;
export type PermissionId = Branded<'PermissionId'>;
/** RFC 7591 `client_id`: chosen by the operator or generated; not a UUID. */
export type ClientId = Branded<'ClientId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);

/** RFC 9562 §5.7: a time-ordered UUIDv7, so that keyset pages by id are pages by age and index inserts stay local. */
export function newId<Id extends string>(now = Date.now()): Id {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id;
}

/** The id that ties an answer, its log lines and its audit events together (`X-Request-Id`). */
export const newRequestId = (): string => randomUUID();
