import type { Reader } from '../../persistence/unit-of-work.ts';
import { conditionsFor } from './search-audit.ts';

export type ExportPeriod = { readonly from?: Date | undefined; readonly to?: Date | undefined };

const PAGE = 1_000;

/** The columns of the table, with the text forms of `canonical-event.ts`, so that a line's hash can be recomputed from it; `personal` is what
 * the digest in `details` was made of. */
const LINE = `json_build_object(
  'sequence', sequence, 'id', id, 'occurred_at', to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'type', type, 'outcome', outcome, 'reason', reason, 'actor_type', actor_type, 'actor_id', actor_id,
  'target_type', target_type, 'target_id', target_id, 'client_id', client_id, 'request_id', request_id,
  'ip_address', ip_address, 'user_agent', user_agent, 'details', details, 'personal', (SELECT json_build_object('salt', encode(p.salt, 'hex'), 'content', p.content)
    FROM audit_personal_details p WHERE p.event_id = audit_events.id),
  'previous_hash', encode(previous_hash, 'hex'), 'hash', encode(hash, 'hex'))::text AS line`;

type Line = { readonly line: string; readonly id: string; readonly sequence: string | null };

/**
 * JSON lines, each ending in a newline: sealed events by sequence, then those not sealed yet. It misses nothing that was
 * recorded when it began, also while a server seals.
 */
export async function* exportAudit(read: Reader, period: ExportPeriod = {}): AsyncGenerator<string> {
  let after = 0;
  const early = new Set<string>();
  const sealed = async function* (): AsyncGenerator<string> {
    for await (const row of pages(read, period, 'sequence', (last) => last?.sequence ?? after)) {
      after = Number(row.sequence);
      if (!early.has(row.id)) yield `${row.line}\n`;
    }
  };
  yield* sealed();
  for await (const row of pages(read, period, 'id', (last) => last?.id ?? SMALLEST_ID)) {
    early.add(row.id);
    yield `${row.line}\n`;
  }
  // What was sealed between the two readings is in neither; what the second gave already is not given twice.
  yield* sealed();
}

const SMALLEST_ID = '00000000-0000-0000-0000-000000000000';

async function* pages(
  read: Reader,
  period: ExportPeriod,
  order: 'sequence' | 'id',
  startAfter: (last: Line | undefined) => unknown,
): AsyncGenerator<Line> {
  let last: Line | undefined;
  for (;;) {
    const { conditions, values } = conditionsFor(period);
    if (order === 'id') conditions.push('sequence IS NULL');
    conditions.push(`${order} > $${values.push(startAfter(last))}`);
    const rows = await read.query<Line>(
      `SELECT id, sequence, ${LINE} FROM audit_events WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ${PAGE}`,
      values,
    );
    yield* rows;
    last = rows.at(-1);
    if (rows.length < PAGE) return;
  }
}
