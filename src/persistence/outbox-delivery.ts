import type pg from 'pg';

/** A message as a handler gets it. It may come more than once: `id` stays the same. */
export type DueMessage = {
  readonly id: string;
  readonly type: string;
  readonly target: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  /** 1 for the first. */
  readonly attempt: number;
};

/** What the other side said: an HTTP status and the beginning of its answer. */
export type DeliveryAnswer = { readonly status?: number | undefined; readonly excerpt?: string | undefined };

/** Delivers, or throws; within a minute, for the message is locked meanwhile. Handlers look at the signal to stop early. */
export type OutboxHandler = (message: DueMessage, signal: AbortSignal) => Promise<DeliveryAnswer> | Promise<void>;

/** The other side answered, and did not accept. */
export class DeliveryRefused extends Error {
  override readonly name = 'DeliveryRefused';
  readonly answer: DeliveryAnswer;

  constructor(message: string, answer: DeliveryAnswer) {
    super(message);
    this.answer = answer;
  }
}

/** There is nobody to deliver to any more: the message is done with, and says why. */
export class DeliveryMoot extends Error {
  override readonly name = 'DeliveryMoot';
}

/** How one attempt ended. */
export type DeliveryOutcome = {
  readonly message: DueMessage;
  readonly state: 'delivered' | 'moot' | 'waiting' | 'failed';
  readonly at: Date;
  /** When it is tried again; `waiting` alone. */
  readonly nextAt?: Date;
  readonly error?: string;
  readonly answer?: DeliveryAnswer;
};

export type Claim = {
  readonly now: Date;
  /** Until then nobody else takes what is claimed. */
  readonly until: Date;
  readonly limit: number;
  /** At most so many for one target, unless `room` says how many are left for it. */
  readonly perTarget: number;
  readonly room: ReadonlyMap<string, number>;
};

const OPEN = 'delivered_at IS NULL AND failed_at IS NULL';

/**
 * The oldest due messages of each target. A recursive look-up steps from target to target along the index, so that a long
 * queue of one costs the others nothing. SKIP LOCKED keeps processes off each other's rows while they claim; the claim itself
 * is a later `available_at`, so that no transaction stays open while a handler talks to the network, and `claimed_until`: what
 * somebody has in hand is not delivered a second time because it was made due again meanwhile.
 */
const CLAIM = /* sql */ `
  WITH RECURSIVE targets (target) AS (
    (SELECT target FROM outbox_messages WHERE ${OPEN} ORDER BY target LIMIT 1)
    UNION ALL
    SELECT (SELECT m.target FROM outbox_messages m WHERE ${OPEN} AND m.target > targets.target ORDER BY m.target LIMIT 1)
    FROM targets WHERE targets.target IS NOT NULL
  ), due AS MATERIALIZED (
    SELECT picked.id FROM targets
    LEFT JOIN unnest($3::text[], $4::integer[]) AS known (target, room) ON known.target = targets.target
    CROSS JOIN LATERAL (
      SELECT m.id, m.available_at FROM outbox_messages m
      WHERE m.target = targets.target AND ${OPEN} AND m.available_at <= $1
        AND (m.claimed_until IS NULL OR m.claimed_until <= $1)
      ORDER BY m.available_at LIMIT coalesce(known.room, $5) FOR UPDATE SKIP LOCKED) AS picked
    WHERE targets.target IS NOT NULL
    ORDER BY picked.available_at LIMIT $6)
  UPDATE outbox_messages AS message SET attempts = attempts + 1, available_at = $2, claimed_until = $2
  FROM due WHERE message.id = due.id
  RETURNING message.id, type, target, payload, created_at AS "createdAt", attempts AS attempt`;

export async function claimDue(pool: pg.Pool, claim: Claim): Promise<readonly DueMessage[]> {
  const { rows } = await pool.query<DueMessage>({
    name: 'outbox-claim',
    text: CLAIM,
    values: [claim.now, claim.until, [...claim.room.keys()], [...claim.room.values()], claim.perTarget, claim.limit],
  });
  return rows;
}

/** A stop is nobody's failure: the messages are due again at once, and the attempts do not count. */
export async function giveBack(pool: pg.Pool, ids: readonly string[], now: Date): Promise<void> {
  await pool.query(
    `UPDATE outbox_messages SET available_at = $2, claimed_until = NULL, attempts = attempts - 1
     WHERE id = ANY($1::uuid[]) AND delivered_at IS NULL`,
    [ids, now],
  );
}

/** Bounded batches of what was delivered, or given up, long enough ago. */
export async function deleteSettled(
  pool: pg.Pool,
  { deliveredUntil, failedUntil }: { readonly deliveredUntil: Date; readonly failedUntil: Date },
): Promise<void> {
  for (const [column, until] of [
    ['delivered_at', deliveredUntil],
    ['failed_at', failedUntil],
  ] as const)
    await pool.query({
      name: `outbox-delete-${column}`,
      text: `WITH old AS MATERIALIZED (
               SELECT id FROM outbox_messages WHERE ${column} <= $1 ORDER BY ${column} LIMIT 1000 FOR UPDATE SKIP LOCKED)
             DELETE FROM outbox_messages USING old WHERE outbox_messages.id = old.id`,
      values: [until],
    });
}
