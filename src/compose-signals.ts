// Shared signals, composed: the door, and the keys it shares with what is pushed from the outbox.
import type { Middleware } from 'koa';
import type { ComposeParts, Foundation } from './compose-foundation.ts';
import { composeSettlement } from './compose-settlement.ts';
import { streamHeaderContext } from './domain/keys/rewrap-keys.ts';
import type { VerifyBearer } from './endpoints/http/bearer.ts';
import type { SignalKeys } from './endpoints/signals/parts.ts';
import { signalEndpoints } from './endpoints/signals/signal-endpoints.ts';
import { nextChange } from './persistence/change-feed.ts';

/** Of the Shared Signals transmitter: pushed from the outbox, fetched through its door. */
export const signalKeys = ({ keyRing }: Foundation, issuer: string): SignalKeys => ({
  issuer,
  signingKey: () => keyRing.active('RS256'),
  openHeader: (streamId, envelope) => keyRing.open(envelope, streamHeaderContext(streamId)).toString('utf8'),
});

export function composeSignals(parts: ComposeParts, foundation: Foundation, verifyBearer: VerifyBearer): Middleware {
  const { read, readAs, transact, keyRing, pool, changes, clock } = foundation;
  return signalEndpoints({
    ...signalKeys(foundation, parts.configuration.issuer),
    verifyBearer,
    readAs,
    onError: (error, requestId) => parts.onError(error, `shared signals, request ${requestId}`),
    read,
    transact,
    seal: (streamId, header) => keyRing.seal(Buffer.from(header), streamHeaderContext(streamId)),
    polling: {
      pool,
      settle: composeSettlement(foundation),
      now: clock.now,
      somethingEnqueued: (withinMs) => nextChange(changes, 'outbox', withinMs),
    },
  });
}
