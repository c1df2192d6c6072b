import type pg from 'pg';
import type { DeliveryOutcome, DueMessage } from '../../persistence/outbox-delivery.ts';
import type { DeliverySettlement } from '../receipts/settle-deliveries.ts';
import { SIGNAL_POLL, type SignalPayload, streamTarget } from './signal-events.ts';
import type { Stream } from './stream.ts';

export type SignalMessage = DueMessage & { readonly payload: SignalPayload & Readonly<Record<string, unknown>> };

const WAITING = `target = $1 AND type = '${SIGNAL_POLL}' AND delivered_at IS NULL AND failed_at IS NULL`;
const COLUMNS = 'id, type, target, payload, created_at AS "createdAt", attempts AS attempt';

/** Like the dispatcher's statements these are no unit of work: they account for messages, on them and on receipts. */
export type PollParts = { readonly pool: pg.Pool; readonly settle: DeliverySettlement; readonly now: () => Date };

export type SetError = { readonly err: string; readonly description?: string | undefined };

/** RFC 8936 §2.2: what the receiver has taken, and what it could not use. Ids that are not this stream's mean nothing. */
export async function acknowledgeSignals(
  { pool, settle, now }: PollParts,
  stream: Stream,
  { ack, setErrs }: { readonly ack: readonly string[]; readonly setErrs: ReadonlyMap<string, SetError> },
): Promise<void> {
  const ids = [...new Set([...ack, ...setErrs.keys()])];
  if (ids.length === 0) return;
  const { rows } = await pool.query<DueMessage>(
    `SELECT ${COLUMNS} FROM outbox_messages WHERE ${WAITING} AND id::text = ANY($2::text[])`,
    [streamTarget(stream.id), ids],
  );
  const at = now();
  await settle(
    rows.map((message): DeliveryOutcome => {
      const fault = setErrs.get(message.id);
      if (fault === undefined) return { message, state: 'delivered', at };
      return { message, state: 'failed', at, error: `the receiver answered ${fault.err}: ${fault.description ?? ''}` };
    }),
  );
}

/** The oldest first. They are offered again until they are acknowledged. */
export async function offerSignals(
  { pool, now }: PollParts,
  stream: Stream,
  { most }: { readonly most: number },
): Promise<{ readonly messages: readonly SignalMessage[]; readonly isMoreAvailable: boolean }> {
  if (stream.status !== 'enabled' || stream.deliveryMethod !== 'poll') return { messages: [], isMoreAvailable: false };
  const { rows: open } = await pool.query<{ id: string }>(
    `SELECT id FROM outbox_messages WHERE ${WAITING} ORDER BY available_at, id LIMIT $2`,
    [streamTarget(stream.id), most + 1],
  );
  const ids = open.slice(0, most).map(({ id }) => id);
  const { rows } = await pool.query<SignalMessage>(
    `WITH offered AS (
       UPDATE outbox_messages SET attempts = attempts + 1, attempted_at = $2 WHERE id = ANY($1::uuid[]) RETURNING *)
     SELECT ${COLUMNS} FROM offered ORDER BY available_at, id`,
    [ids, now()],
  );
  return { messages: rows, isMoreAvailable: open.length > most };
}
