import { limited } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { signalMessage } from './emit-signals.ts';
import { streamEvents } from './signal-events.ts';
import { getOwnStream, type OwnStream } from './stream.ts';

/** SSF §8.1.4: `min_verification_interval`. */
export const VERIFICATION_INTERVAL_SECONDS = 1;

/** Sends the stream's receiver an event about the stream itself. Throws `not_found`, limited `signal_streams.verified_lately`. */
export async function verifyStream(
  tx: Tx,
  { clientId, id, state }: OwnStream & { readonly state?: string | undefined },
): Promise<void> {
  const stream = await getOwnStream(tx, { clientId, id });
  const rows = await tx.query(
    `WITH asked AS (
       UPDATE signal_streams SET verification_asked_at = $2
       WHERE id = $1 AND coalesce(verification_asked_at <= $2::timestamptz - make_interval(secs => $3), true) RETURNING id)
     SELECT id FROM asked`,
    [id, tx.now, VERIFICATION_INTERVAL_SECONDS],
  );
  if (rows.length === 0)
    throw limited('signal_streams.verified_lately', { retryAfterSeconds: VERIFICATION_INTERVAL_SECONDS });
  tx.record({ type: 'signal-streams.verified', target: { type: 'signal_stream', id } });
  if (stream.status === 'disabled') return;
  const claims = state === undefined ? {} : { state };
  tx.enqueue(signalMessage(stream, { streamId: id, event: streamEvents.verification, claims }, tx.now));
}
