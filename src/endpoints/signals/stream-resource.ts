import { supportedEvents } from '../../domain/signals/signal-events.ts';
import { eventsDelivered, type Stream } from '../../domain/signals/stream.ts';
import { POLL, PUSH } from '../../domain/signals/stream-input.ts';
import { VERIFICATION_INTERVAL_SECONDS } from '../../domain/signals/verify-stream.ts';
import { SSF_PREFIX } from './parts.ts';

export const pollUrl = (issuer: string, streamId: string): string => `${issuer}${SSF_PREFIX}/poll/${streamId}`;

/** SSF §8.1.1. The receiver's own Authorization header is not told back. */
export function presentStream(stream: Stream, issuer: string): Record<string, unknown> {
  return {
    stream_id: stream.id,
    iss: issuer,
    aud: stream.clientId,
    events_supported: supportedEvents,
    ...(stream.eventsRequested === null ? {} : { events_requested: stream.eventsRequested }),
    events_delivered: eventsDelivered(stream),
    delivery:
      stream.deliveryMethod === 'push'
        ? { method: PUSH, endpoint_url: stream.endpointUrl }
        : { method: POLL, endpoint_url: pollUrl(issuer, stream.id) },
    min_verification_interval: VERIFICATION_INTERVAL_SECONDS,
    ...(stream.description === null ? {} : { description: stream.description }),
  };
}

export const presentStatus = ({ id, status, statusReason }: Stream): Record<string, unknown> => ({
  stream_id: id,
  status,
  ...(statusReason === null ? {} : { reason: statusReason }),
});
