import type pg from 'pg';
import { systemActor } from '../../kernel/actor.ts';
import type { DeliveryOutcome } from '../../persistence/outbox-delivery.ts';
import type { Transact, Tx } from '../../persistence/unit-of-work.ts';

/** One statement, so that a receipt never says other than the message it accounts for. */
const SETTLE = /* sql */ `
  WITH outcome AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::integer[], $7::text[])
      AS o (id, state, at, next_at, error, status, excerpt)
  ), settled AS (
    UPDATE outbox_messages m SET
      delivered_at = CASE WHEN o.state IN ('delivered', 'moot') THEN o.at END, failed_at = CASE WHEN o.state = 'failed' THEN o.at END,
      available_at = coalesce(o.next_at, m.available_at), claimed_until = NULL, attempted_at = o.at, last_error = o.error,
      answer_status = o.status, answer_excerpt = o.excerpt
    FROM outcome o WHERE m.id = o.id AND m.delivered_at IS NULL
    RETURNING m.id, m.attempts, o.state, o.at, o.error, o.status, o.excerpt
  ), accounted AS (
    UPDATE deprovisioning_receipt_targets t SET
      state = CASE s.state WHEN 'delivered' THEN 'done' WHEN 'moot' THEN 'not_notified' WHEN 'failed' THEN 'failed' ELSE 'pending' END,
      attempts = s.attempts, first_attempt_at = coalesce(t.first_attempt_at, s.at), last_attempt_at = s.at,
      settled_at = CASE WHEN s.state IN ('delivered', 'moot') THEN s.at END, error = s.error,
      answer_status = s.status, answer_excerpt = s.excerpt
    FROM settled s WHERE t.message_id = s.id)
  SELECT 1`;

export type DeliverySettlement = (outcomes: readonly DeliveryOutcome[]) => Promise<void>;

export type SettlementParts = { readonly pool: pg.Pool; readonly transact: Transact };

/** Writes down how deliveries ended. One that is given up is in the audit log; what went well is on the receipts alone. */
export function createDeliverySettlement({ pool, transact }: SettlementParts): DeliverySettlement {
  return async (outcomes) => {
    const failed = outcomes.filter(({ state }) => state === 'failed');
    const others = outcomes.filter(({ state }) => state !== 'failed');
    if (others.length > 0) await pool.query({ name: 'outbox-settle', text: SETTLE, values: columnsOf(others) });
    if (failed.length > 0)
      await transact(systemActor('dispatch-outbox'), async (tx) => {
        await tx.query(SETTLE, columnsOf(failed));
        for (const outcome of failed) recordGivenUp(tx, outcome);
      });
  };
}

function recordGivenUp(tx: Tx, { message, error }: DeliveryOutcome): void {
  tx.record({
    type: 'deliveries.given-up',
    outcome: 'failure',
    target: { type: 'delivery', id: message.id },
    details: { messageType: message.type, target: message.target, attempts: message.attempt, error: error ?? null },
  });
}

const columnsOf = (outcomes: readonly DeliveryOutcome[]): unknown[] => [
  outcomes.map(({ message }) => message.id),
  outcomes.map(({ state }) => state),
  outcomes.map(({ at }) => at),
  outcomes.map(({ nextAt }) => nextAt ?? null),
  outcomes.map(({ error }) => error ?? null),
  outcomes.map(({ answer }) => answer?.status ?? null),
  outcomes.map(({ answer }) => answer?.excerpt ?? null),
];
