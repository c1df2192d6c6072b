// Shared signals, composed: the door, and the keys it shares with what is pushed from the outbox.
import { createRemoteJWKSet, customFetch } from 'jose';
import type { Middleware } from 'koa';
import type { ComposeParts, Foundation } from './compose-foundation.ts';
import { composeSettlement } from './compose-settlement.ts';
import type { OutboundFetch } from './connectors/outbound-fetch.ts';
import { streamHeaderContext } from './domain/keys/rewrap-keys.ts';
import type { KeysOf } from './domain/signals/verify-received.ts';
import type { VerifyBearer } from './endpoints/http/bearer.ts';
import { type SignalKeys, SSF_PREFIX } from './endpoints/signals/parts.ts';
import { receivingEndpoint } from './endpoints/signals/receive-signal.ts';
import { signalEndpoints } from './endpoints/signals/signal-endpoints.ts';
import { nextChange } from './persistence/change-feed.ts';

/** Of the Shared Signals transmitter: pushed from the outbox, fetched through its door. */
export const signalKeys = ({ keyRing }: Foundation, issuer: string): SignalKeys => ({
  issuer,
  signingKey: () => keyRing.active('RS256'),
  openHeader: (streamId, envelope) => keyRing.open(envelope, streamHeaderContext(streamId)).toString('utf8'),
});

type SignalsParts = { readonly verifyBearer: VerifyBearer; readonly fetch: OutboundFetch };

/** What is received, then what is told. */
export function composeSignals(
  parts: ComposeParts,
  foundation: Foundation,
  { verifyBearer, fetch }: SignalsParts,
): readonly Middleware[] {
  const { issuer } = parts.configuration;
  const onError = (error: unknown, requestId: string) => parts.onError(error, `shared signals, request ${requestId}`);
  const { read, transact, clock } = foundation;
  return [
    receivingEndpoint({ issuer, read, transact, clock, keysOf: createKeysOf(fetch), onError }),
    transmitter(parts, foundation, { verifyBearer, onError }),
  ];
}

/** Where another provider pushes its events. */
export const eventsUrl = (issuer: string, transmitterId: string): string =>
  `${issuer.replace(/\/$/, '')}${SSF_PREFIX}/events/${transmitterId}`;

/** Keys are fetched through the one outbound client, held for minutes, and asked for again at most twice a minute. */
function createKeysOf(fetch: OutboundFetch): KeysOf {
  const known = new Map<string, ReturnType<KeysOf>>();
  return (jwksUri) => {
    const held = known.get(jwksUri) ?? createRemoteJWKSet(new URL(jwksUri), { [customFetch]: fetch });
    known.set(jwksUri, held);
    return held;
  };
}

type TransmitterParts = Pick<SignalsParts, 'verifyBearer'> & {
  readonly onError: (error: unknown, requestId: string) => void;
};

function transmitter(
  parts: ComposeParts,
  foundation: Foundation,
  { verifyBearer, onError }: TransmitterParts,
): Middleware {
  const { read, readAs, transact, keyRing, pool, changes, clock } = foundation;
  return signalEndpoints({
    ...signalKeys(foundation, parts.configuration.issuer),
    verifyBearer,
    readAs,
    onError,
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
