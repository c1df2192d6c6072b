import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { AUDIT_RECORD_COLUMNS, type AuditRecord } from './audit-record.ts';

export async function findAuditEvent(read: Reader, id: string): Promise<AuditRecord | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await read.query<AuditRecord>(`SELECT ${AUDIT_RECORD_COLUMNS} FROM audit_events WHERE id = $1`, [id]);
  return row;
}
