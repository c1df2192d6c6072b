import { createHash } from 'node:crypto';

/**
 * The sealed form of an audit event. It is made from the stored row by SQL reading alone, so that anyone with the table
 * can recompute every hash:
 *
 *   hash = SHA-256(previous hash ‖ UTF-8(RFC 8785 canonical JSON of the object below))
 *
 * with one member for each column of `audit_events` but the two hashes, named as the column, sorted by name. Every value is
 * a string or null, which leaves RFC 8785 nothing to decide but the escapes of strings, and in those JSON.stringify and
 * PostgreSQL's row_to_json agree, which is what the sealer uses:
 *
 * - `occurred_at`: UTC with six fractional digits, `2026-03-01T12:00:00.123000Z` (the column holds microseconds);
 * - `details`: a string, the text PostgreSQL prints for the jsonb value (no number passes through a double);
 * - `sequence`: decimal; the first event has 1, and there are no gaps.
 *
 * The previous hash is 32 bytes; zeros for the first event.
 *
 * Where an event says something of a person, `details` holds `personal.digest`, the HMAC-SHA-256 of what is in
 * `audit_personal_details` under its salt there, until the person is erased (an event `users.erased` then says so).
 */
export type StoredEvent = {
  readonly actorId: string;
  readonly actorType: string;
  readonly clientId: string | null;
  readonly details: string | null;
  readonly id: string;
  readonly ipAddress: string | null;
  readonly occurredAt: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly requestId: string | null;
  readonly targetId: string | null;
  readonly targetType: string | null;
  readonly type: string;
  readonly userAgent: string | null;
};

/** The columns of {@link StoredEvent}, in the forms above. */
export const STORED_EVENT_COLUMNS = `actor_id AS "actorId", actor_type AS "actorType", client_id AS "clientId",
  details::text AS details, id::text AS id, ip_address AS "ipAddress",
  to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "occurredAt", outcome, reason,
  request_id AS "requestId", target_id AS "targetId", target_type AS "targetType", type, user_agent AS "userAgent"`;

/** Where the chain begins. */
export const GENESIS_HASH = Buffer.alloc(32);

export type ChainLink = { readonly sequence: number; readonly hash: Buffer };

export const chainStart: ChainLink = { sequence: 0, hash: GENESIS_HASH };

/** The members of the canonical JSON, in its order, as a select list over the columns of an event and its `next_sequence`. */
export const CANONICAL_MEMBERS = `actor_id, actor_type, client_id, details::text AS details, id::text AS id, ip_address,
  to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS occurred_at, outcome, reason, request_id,
  next_sequence::text AS sequence, target_id, target_type, type, user_agent`;

export function hashEvent(event: StoredEvent, sequence: number, previousHash: Uint8Array): Buffer {
  return createHash('sha256').update(previousHash).update(canonicalEvent(event, sequence)).digest();
}

export function canonicalEvent(event: StoredEvent, sequence: number): string {
  // Members in the order of RFC 8785 §3.2.3: JSON.stringify keeps the order of insertion.
  return JSON.stringify({
    actor_id: event.actorId,
    actor_type: event.actorType,
    client_id: event.clientId,
    details: event.details,
    id: event.id,
    ip_address: event.ipAddress,
    occurred_at: event.occurredAt,
    outcome: event.outcome,
    reason: event.reason,
    request_id: event.requestId,
    sequence: String(sequence),
    target_id: event.targetId,
    target_type: event.targetType,
    type: event.type,
    user_agent: event.userAgent,
  });
}
