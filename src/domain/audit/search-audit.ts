import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { AUDIT_RECORD_COLUMNS, type AuditRecord } from './audit-record.ts';

export type AuditFilters = {
  readonly requestId?: string | undefined;
  /** User id, client_id, or name of the duty or command. */
  readonly actor?: string | undefined;
  readonly target?: string | undefined;
  readonly type?: string | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
};

export type AuditSearch = PageRequest & { readonly filters: AuditFilters };

/** Newest first, sealed or not. Throws invalid `request.cursor_invalid`. */
export async function searchAudit(read: Reader, { filters, cursor, limit }: AuditSearch): Promise<Page<AuditRecord>> {
  const { conditions, values } = conditionsFor(filters);
  if (cursor !== undefined) conditions.push(`id < $${values.push(decodeCursor(cursor, isUuid))}`);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const rows = await read.query<AuditRecord>(
    `SELECT ${AUDIT_RECORD_COLUMNS} FROM audit_events ${where} ORDER BY id DESC LIMIT $${values.push(limit + 1)}`,
    values,
  );
  return toPage(rows, limit, (row) => row.id);
}

/** Every filter has an index: by_request, by_actor, by_target, by_type; a period is a range of the primary key. */
export function conditionsFor(filters: AuditFilters): { readonly conditions: string[]; readonly values: unknown[] } {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const add = (value: unknown, condition: (parameter: string) => string) => {
    if (value !== undefined) conditions.push(condition(`$${values.push(value)}`));
  };
  add(filters.requestId, (parameter) => `request_id = ${parameter}`);
  add(filters.actor, (parameter) => `actor_id = ${parameter}`);
  add(filters.target, (parameter) => `target_id = ${parameter}`);
  add(filters.type, (parameter) => `type = ${parameter}`);
  add(filters.from, (parameter) => `occurred_at >= ${parameter}`);
  add(filters.to, (parameter) => `occurred_at < ${parameter}`);
  add(filters.from && smallestIdAt(filters.from), (parameter) => `id >= ${parameter}`);
  add(filters.to && smallestIdAt(new Date(filters.to.getTime() + 1)), (parameter) => `id < ${parameter}`);
  return { conditions, values };
}

/** RFC 9562 §5.7: a UUIDv7 begins with its millisecond, and an event's id is made in the millisecond it occurred. */
export function smallestIdAt(moment: Date): string {
  const hex = Math.min(Math.max(moment.getTime(), 0), 0xffff_ffff_ffff).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
