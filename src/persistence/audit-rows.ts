import type { Actor } from '../kernel/actor.ts';
import { newId } from '../kernel/ids.ts';
import { digestOf, type PersonalDetails, personalDetails } from './personal-details.ts';

/** What a command says happened. Types are catalogued in `domain/audit/catalogue.ts`; secrets never appear in `details`. */
export type AuditEvent = {
  readonly type: string;
  readonly outcome?: 'success' | 'refused' | 'failure';
  /** Stable code of why it was refused or failed. */
  readonly reason?: string;
  readonly target?: { readonly type: string; readonly id: string };
  readonly clientId?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** What it says of the person who is the target: shown with `details`, and gone when the person is erased. */
  readonly personal?: Readonly<Record<string, unknown>>;
  /** Someone other than the unit of work's actor (a sign-in is recorded for the person who signed in). */
  readonly actor?: Actor;
};

/** Whether an event of a unit of work with this actor gets a row; one that does not was accounted for elsewhere. */
export type AdmitsEvent = (event: AuditEvent, workActor: Actor, now: Date) => boolean;

export type AuditRow = {
  readonly id: string;
  readonly occurredAt: Date;
  readonly type: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly actorType: string;
  readonly actorId: string;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly clientId: string | null;
  readonly requestId: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly details: string | null;
  /** Beside the row, which has their digest. */
  readonly personal: PersonalDetails | undefined;
};

const LONGEST_USER_AGENT = 256;

export function auditRow(event: AuditEvent, workActor: Actor, now: Date): AuditRow {
  const actor = event.actor ?? workActor;
  const personal = event.personal && event.target && personalDetails(event.target.id, event.personal);
  const details = personal ? { ...event.details, personal: { digest: digestOf(personal) } } : event.details;
  return {
    id: newId(now.getTime()),
    occurredAt: now,
    type: event.type,
    outcome: event.outcome ?? 'success',
    reason: event.reason ?? null,
    actorType: actor.type,
    actorId: actor.id,
    targetType: event.target?.type ?? null,
    targetId: event.target?.id ?? null,
    clientId: event.clientId ?? actor.clientId ?? null,
    requestId: actor.requestId ?? workActor.requestId ?? null,
    ipAddress: actor.ipAddress ?? workActor.ipAddress ?? null,
    userAgent: (actor.userAgent ?? workActor.userAgent)?.slice(0, LONGEST_USER_AGENT) ?? null,
    details: details === undefined ? null : JSON.stringify(details),
    personal,
  };
}

/** The columns of an audit row in the order in which {@link auditColumns} gives their values. */
export const AUDIT_INSERT_COLUMNS =
  'id, occurred_at, type, outcome, reason, actor_type, actor_id, target_type, target_id, client_id, request_id, ip_address, user_agent, details';
export const AUDIT_UNNEST_TYPES = [
  'uuid',
  'timestamptz',
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'jsonb',
] as const;

/** Rows turned into one array per column, for `unnest`. */
export function auditColumns(rows: readonly AuditRow[]): unknown[][] {
  return [
    rows.map((row) => row.id),
    rows.map((row) => row.occurredAt),
    rows.map((row) => row.type),
    rows.map((row) => row.outcome),
    rows.map((row) => row.reason),
    rows.map((row) => row.actorType),
    rows.map((row) => row.actorId),
    rows.map((row) => row.targetType),
    rows.map((row) => row.targetId),
    rows.map((row) => row.clientId),
    rows.map((row) => row.requestId),
    rows.map((row) => row.ipAddress),
    rows.map((row) => row.userAgent),
    rows.map((row) => row.details),
  ];
}

export async function insertAuditRows(
  run: (sql: string, parameters: unknown[]) => Promise<unknown>,
  rows: readonly AuditRow[],
): Promise<void> {
  const arrays = AUDIT_UNNEST_TYPES.map((type, index) => `$${index + 1}::${type}[]`).join(', ');
  await run(
    `INSERT INTO audit_events_unsealed (${AUDIT_INSERT_COLUMNS}) SELECT * FROM unnest(${arrays})`,
    auditColumns(rows),
  );
}
