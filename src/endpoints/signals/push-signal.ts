import { securityEventToken } from '../../domain/signals/security-event-token.ts';
import type { SignalPayload } from '../../domain/signals/signal-events.ts';
import { findStream } from '../../domain/signals/stream.ts';
import { excerptOf } from '../../kernel/answer-excerpt.ts';
import {
  type DeliveryAnswer,
  DeliveryMoot,
  DeliveryRefused,
  type OutboxHandler,
} from '../../persistence/outbox-delivery.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { SignalKeys } from './parts.ts';

export type PushParts = SignalKeys & { readonly read: Reader; readonly fetch: typeof globalThis.fetch };

const ANSWER_WITHIN_MS = 5_000;

/** RFC 8935 §2: one SET in the body of a POST; the receiver answers 202 when it has taken it. */
export function pushSignal({ read, fetch, issuer, signingKey, openHeader }: PushParts): OutboxHandler {
  return async ({ id, createdAt, payload }, signal): Promise<DeliveryAnswer> => {
    const event = payload as SignalPayload & typeof payload;
    const stream = await findStream(read, event.streamId);
    if (!stream?.mayBeTold || stream.status === 'disabled' || stream.endpointUrl === null)
      throw new DeliveryMoot('the stream is gone or disabled, or its client is or may not be told any more');
    if (stream.status === 'paused') throw new Error('the stream is paused');
    const { clientId, endpointUrl, authorizationEnvelope: envelope } = stream;
    const answer = await fetch(endpointUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/secevent+jwt',
        accept: 'application/json',
        ...(envelope === null ? {} : { authorization: openHeader(stream.id, envelope) }),
      },
      body: await securityEventToken(
        { id, createdAt, payload: event },
        { issuer, audience: clientId, key: signingKey() },
      ),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    const said = { status: answer.status, excerpt: await excerptOf(answer) };
    // §2.2: 202; receivers that answer 200 or 204 mean the same.
    if (![200, 202, 204].includes(answer.status))
      throw new DeliveryRefused(`expected 202 from ${endpointUrl}, got ${answer.status}`, said);
    return said;
  };
}

/** Nobody has fetched it for a day: it is due, and so are its receipts' bad news. */
export const expirePoll =
  ({ read }: Pick<PushParts, 'read'>): OutboxHandler =>
  async ({ payload }) => {
    const { streamId } = payload as SignalPayload & typeof payload;
    const stream = await findStream(read, streamId);
    if (!stream?.mayBeTold) throw new DeliveryMoot('the stream is gone, or its client is or may not be told any more');
    throw new Error('the receiver has not fetched and acknowledged it within a day');
  };
