import { acknowledgeSignals, offerSignals, type PollParts } from '../../domain/signals/poll-signals.ts';
import { securityEventToken } from '../../domain/signals/security-event-token.ts';
import { getOwnStream, type Stream } from '../../domain/signals/stream.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { ok } from '../http/route.ts';
import type { SignalKeys } from './parts.ts';
import { receiverOf } from './receiver-of.ts';
import { pollRoute } from './routes.ts';

export type PollingParts = PollParts & {
  /** Resolves when something was enqueued, or after so many milliseconds. */
  readonly somethingEnqueued: (withinMs: number) => Promise<void>;
};

const MOST_EVENTS = 100;
/** RFC 8936 §2.4: a poll that finds nothing waits; for less than proxies in between put up with. */
const WAIT_MS = 20_000;
const LOOK_EVERY_MS = 2_000;

export function addPolling(
  api: ApiRouter,
  { read, issuer, signingKey, polling }: SignalKeys & { readonly read: Reader; readonly polling: PollingParts },
): void {
  api.handle(pollRoute, async ({ params, body, actor }) => {
    const own = { clientId: receiverOf(actor), id: params.streamId };
    const stream = await getOwnStream(read, own);
    const setErrs = new Map(Object.entries(body.setErrs));
    await acknowledgeSignals(polling, stream, { ack: body.ack, setErrs });
    const most = Math.min(body.maxEvents ?? MOST_EVENTS, MOST_EVENTS);
    const waits = !body.returnImmediately && most > 0;
    const { messages, isMoreAvailable } = await offer(polling, stream, { most, waits });
    const key = signingKey();
    const sets = await Promise.all(
      messages.map(async (message) => [
        message.id,
        await securityEventToken(message, { issuer, audience: stream.clientId, key }),
      ]),
    );
    return ok({ sets: Object.fromEntries(sets), ...(isMoreAvailable ? { moreAvailable: true } : {}) });
  });
}

async function offer(
  polling: PollingParts,
  stream: Stream,
  { most, waits }: { readonly most: number; readonly waits: boolean },
): ReturnType<typeof offerSignals> {
  const until = performance.now() + WAIT_MS;
  for (;;) {
    const offered = await offerSignals(polling, stream, { most });
    if (offered.messages.length > 0 || !waits || performance.now() >= until) return offered;
    await polling.somethingEnqueued(LOOK_EVERY_MS);
  }
}
