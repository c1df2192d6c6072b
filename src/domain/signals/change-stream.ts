import { conflict } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { dropDeliveries } from '../receipts/drop-deliveries.ts';
import { SIGNAL_POLL, SIGNAL_PUSH, streamTarget } from './signal-events.ts';
import { getOwnStream, type OwnStream, type Stream } from './stream.ts';
import { POLL, PUSH, type StreamInput, type StreamPatch } from './stream-input.ts';

const MOST_STREAMS = 10;

/** Seals a receiver's Authorization header for one stream. */
export type SealHeader = (streamId: string, header: string) => Buffer;

/** Throws conflict `signal_streams.too_many`. */
export async function createStream(
  tx: Tx,
  { clientId, input, seal }: { clientId: string; input: StreamInput; seal: SealHeader },
): Promise<Stream> {
  // Two at once must not both be the last one.
  await tx.query('SELECT 1 FROM clients WHERE client_id = $1 FOR UPDATE', [clientId]);
  const [count] = await tx.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM signal_streams WHERE client_id = $1',
    [clientId],
  );
  if ((count?.count ?? 0) >= MOST_STREAMS)
    throw conflict('signal_streams.too_many', { detail: `a client has at most ${MOST_STREAMS} streams` });
  const id = newId<string>(tx.now.getTime());
  const { method, url, envelope } = deliveryColumns(id, input.delivery, seal);
  await tx.query(
    `INSERT INTO signal_streams (id, client_id, description, delivery_method, endpoint_url, authorization_envelope,
       events_requested, status, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'enabled', $8, $8)`,
    [id, clientId, input.description ?? null, method, url, envelope, input.events_requested ?? null, tx.now],
  );
  const stream = await getOwnStream(tx, { clientId, id });
  tx.record({ type: 'signal-streams.created', target: { type: 'signal_stream', id }, details: factsOf(stream) });
  return stream;
}

/** What is left out stays as it is; `replaceStream` is for the other meaning. Throws `not_found`. */
export async function updateStream(
  tx: Tx,
  { clientId, id, patch, seal }: OwnStream & { patch: StreamPatch; seal: SealHeader },
): Promise<Stream> {
  const before = await getOwnStream(tx, { clientId, id });
  const delivery = patch.delivery && deliveryColumns(id, patch.delivery, seal);
  await tx.query(
    `UPDATE signal_streams SET description = coalesce($2, description), events_requested = coalesce($3, events_requested),
       delivery_method = coalesce($4, delivery_method),
       endpoint_url = CASE WHEN $4::text IS NULL THEN endpoint_url ELSE $5 END,
       authorization_envelope = CASE WHEN $4::text IS NULL THEN authorization_envelope ELSE $6 END, updated_at = $7
     WHERE id = $1`,
    [
      id,
      patch.description ?? null,
      patch.events_requested ?? null,
      delivery?.method ?? null,
      delivery?.url ?? null,
      delivery?.envelope ?? null,
      tx.now,
    ],
  );
  return changed(tx, before);
}

/** SSF §8.1.1.4: what is left out is gone. Throws `not_found`. */
export async function replaceStream(
  tx: Tx,
  { clientId, id, input, seal }: OwnStream & { input: StreamInput; seal: SealHeader },
): Promise<Stream> {
  const before = await getOwnStream(tx, { clientId, id });
  const { method, url, envelope } = deliveryColumns(id, input.delivery, seal);
  await tx.query(
    `UPDATE signal_streams SET description = $2, events_requested = $3, delivery_method = $4, endpoint_url = $5,
       authorization_envelope = $6, updated_at = $7 WHERE id = $1`,
    [id, input.description ?? null, input.events_requested ?? null, method, url, envelope, tx.now],
  );
  return changed(tx, before);
}

/** What waits for it is told to nobody, and receipts say so. Throws `not_found`. */
export async function deleteStream(tx: Tx, { clientId, id }: OwnStream): Promise<void> {
  const stream = await getOwnStream(tx, { clientId, id });
  await dropDeliveries(tx, { target: streamTarget(id), reason: 'the stream was deleted by its receiver' });
  await tx.query('DELETE FROM signal_streams WHERE id = $1', [id]);
  tx.record({ type: 'signal-streams.deleted', target: { type: 'signal_stream', id }, details: factsOf(stream) });
}

async function changed(tx: Tx, before: Stream): Promise<Stream> {
  const after = await getOwnStream(tx, before);
  if (before.deliveryMethod !== after.deliveryMethod) await moveWaiting(tx, after);
  tx.record({
    type: 'signal-streams.updated',
    target: { type: 'signal_stream', id: after.id },
    details: { changed: { from: factsOf(before), to: factsOf(after) } },
  });
  return after;
}

/** What waits goes the new way. */
async function moveWaiting(tx: Tx, { id, deliveryMethod }: Stream): Promise<void> {
  const type = deliveryMethod === 'push' ? SIGNAL_PUSH : SIGNAL_POLL;
  await tx.query(
    `UPDATE outbox_messages SET type = $2,
       available_at = CASE WHEN available_at > $3::timestamptz + interval '1 year' THEN available_at
         WHEN $2 = '${SIGNAL_PUSH}' THEN $3 ELSE created_at + interval '1 day' END
     WHERE target = $1 AND delivered_at IS NULL AND failed_at IS NULL`,
    [streamTarget(id), type, tx.now],
  );
  tx.announce({ topic: 'outbox', key: '*' });
}

function deliveryColumns(id: string, delivery: StreamInput['delivery'], seal: SealHeader) {
  if (delivery.method === POLL) return { method: 'poll', url: null, envelope: null } as const;
  const { authorization_header: header } = delivery;
  return {
    method: 'push',
    url: delivery.endpoint_url,
    envelope: header === undefined ? null : seal(id, header),
  } as const;
}

const factsOf = (stream: Stream): Record<string, unknown> => ({
  clientId: stream.clientId,
  delivery: stream.deliveryMethod === 'push' ? PUSH : POLL,
  endpointUrl: stream.endpointUrl,
  eventsRequested: stream.eventsRequested,
});
