/** An audit event as it is shown and exported. */
export type AuditRecord = {
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
  readonly details: Readonly<Record<string, unknown>> | null;
  /** Null until it is sealed, about a second after it was recorded. */
  readonly sequence: number | null;
  /** Lower-case hex. */
  readonly previousHash: string | null;
  readonly hash: string | null;
};

/** The details with what they say of people, for as long as that is there (ADR 0031); `audit_events` must not have another name. */
export const SHOWN_DETAILS = `CASE WHEN details ? 'personal' THEN coalesce(
    (SELECT (details - 'personal') || p.content::jsonb FROM audit_personal_details p WHERE p.event_id = audit_events.id), details)
  ELSE details END`;

/** `sequence` as a double: exact to 2^53, which at a million events a second lasts 285 years. */
export const AUDIT_RECORD_COLUMNS = `id, occurred_at AS "occurredAt", type, outcome, reason, actor_type AS "actorType",
  actor_id AS "actorId", target_type AS "targetType", target_id AS "targetId", client_id AS "clientId",
  request_id AS "requestId", ip_address AS "ipAddress", user_agent AS "userAgent", ${SHOWN_DETAILS} AS details,
  sequence::float8 AS sequence, encode(previous_hash, 'hex') AS "previousHash", encode(hash, 'hex') AS hash`;
