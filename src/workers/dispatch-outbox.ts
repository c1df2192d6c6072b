import { randomInt } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../kernel/clock.ts';
import { type Duty, type DutyParts, startDuty } from './schedule.ts';

/** A message as a handler gets it. It may come more than once: `id` stays the same. */
export type DueMessage = {
  readonly id: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  /** 1 for the first. */
  readonly attempt: number;
};

/** Delivers, or throws; within a minute, for the message is locked meanwhile. Handlers look at the signal to stop early. */
export type OutboxHandler = (message: DueMessage, signal: AbortSignal) => Promise<void>;

export type DispatchParts = {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly handlers: ReadonlyMap<string, OutboxHandler>;
  readonly onError: DutyParts['onError'];
};

const EVERY_MS = 1_000;
/** Messages one process has in hand at a time, each delivered beside the others. */
const BATCH = 10;
/** Nobody else takes a message that is in hand; when its process dies, another does after this long. */
const CLAIM_SECONDS = 120;
const HANDLER_SECONDS = 60;
const FIRST_PAUSE_SECONDS = 2;
const LONGEST_PAUSE_SECONDS = 3_600;
const GIVE_UP_SECONDS = 86_400;
const KEPT_SECONDS = 86_400;
const LONGEST_ERROR = 500;

/** Delivers what commands enqueued: at least once, in no order, with growing pauses for a day, then marked as failed. */
export function startDispatchingOutbox(parts: DispatchParts): Duty {
  return startDuty({
    name: 'dispatch-outbox',
    everyMs: EVERY_MS,
    run: (signal) => dispatchOutbox(parts, signal),
    onError: parts.onError,
  });
}

/** Everything that is due now. */
export async function dispatchOutbox(parts: DispatchParts, signal: AbortSignal): Promise<void> {
  await deleteDelivered(parts);
  while (!signal.aborted) {
    const due = await claim(parts);
    if (due.length === 0) return;
    await Promise.all(due.map((message) => deliver(parts, message, signal)));
  }
}

/**
 * SKIP LOCKED keeps processes off each other's rows while they claim; the claim itself is a later `available_at`, so that
 * no transaction stays open while a handler talks to the network.
 */
async function claim({ pool, clock }: DispatchParts): Promise<readonly DueMessage[]> {
  const now = clock.now();
  const { rows } = await pool.query<DueMessage>({
    name: 'outbox-claim',
    text: `WITH due AS MATERIALIZED (
             SELECT id FROM outbox_messages
             WHERE delivered_at IS NULL AND failed_at IS NULL AND available_at <= $1
             ORDER BY available_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
           UPDATE outbox_messages AS message SET attempts = attempts + 1, available_at = $2
           FROM due WHERE message.id = due.id
           RETURNING message.id, type, payload, created_at AS "createdAt", attempts AS attempt`,
    values: [now, secondsAfter(now, CLAIM_SECONDS)],
  });
  return rows;
}

async function deliver(parts: DispatchParts, message: DueMessage, stopping: AbortSignal): Promise<void> {
  const handler = parts.handlers.get(message.type);
  if (!handler) return markFailed(parts, message, `no handler for messages of type ${message.type}`);
  try {
    await handler(message, AbortSignal.any([stopping, AbortSignal.timeout(HANDLER_SECONDS * 1000)]));
  } catch (error) {
    const reason = reasonOf(error);
    // A stop is nobody's failure: the message is due again at once, and the attempt does not count.
    if (stopping.aborted) return giveBack(parts, message);
    return hasGivenUp(parts, message) ? markFailed(parts, message, reason) : retryLater(parts, message, reason);
  }
  await parts.pool.query('UPDATE outbox_messages SET delivered_at = $2, last_error = NULL WHERE id = $1', [
    message.id,
    parts.clock.now(),
  ]);
}

function hasGivenUp({ clock }: DispatchParts, { createdAt }: DueMessage): boolean {
  return clock.now() >= secondsAfter(createdAt, GIVE_UP_SECONDS);
}

async function retryLater({ pool, clock }: DispatchParts, { id, attempt }: DueMessage, reason: string): Promise<void> {
  await pool.query('UPDATE outbox_messages SET available_at = $2, last_error = $3 WHERE id = $1', [
    id,
    secondsAfter(clock.now(), pauseSeconds(attempt)),
    reason,
  ]);
}

/** Doubles with each attempt to an hour, and anything from half of that, so that what failed together parts. */
export function pauseSeconds(attempt: number): number {
  const longest = Math.min(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1), LONGEST_PAUSE_SECONDS);
  return longest / 2 + randomInt(Math.ceil(longest * 500) + 1) / 1000;
}

async function giveBack({ pool, clock }: DispatchParts, { id }: DueMessage): Promise<void> {
  await pool.query('UPDATE outbox_messages SET available_at = $2, attempts = attempts - 1 WHERE id = $1', [
    id,
    clock.now(),
  ]);
}

async function markFailed({ pool, clock }: DispatchParts, { id }: DueMessage, reason: string): Promise<void> {
  await pool.query('UPDATE outbox_messages SET failed_at = $2, last_error = $3 WHERE id = $1', [
    id,
    clock.now(),
    reason,
  ]);
}

async function deleteDelivered({ pool, clock }: DispatchParts): Promise<void> {
  await pool.query({
    name: 'outbox-delete-delivered',
    text: `WITH old AS MATERIALIZED (
             SELECT id FROM outbox_messages WHERE delivered_at <= $1 ORDER BY delivered_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
           DELETE FROM outbox_messages USING old WHERE outbox_messages.id = old.id`,
    values: [secondsAfter(clock.now(), -KEPT_SECONDS)],
  });
}

const secondsAfter = (moment: Date, seconds: number): Date => new Date(moment.getTime() + seconds * 1000);

/** PostgreSQL text holds no NUL, and an administrator reads this. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll('\u0000', '').toWellFormed().slice(0, LONGEST_ERROR);
}
