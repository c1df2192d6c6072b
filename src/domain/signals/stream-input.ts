import { z } from 'zod';

export const PUSH = 'urn:ietf:rfc:8935';
export const POLL = 'urn:ietf:rfc:8936';

const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** RFC 8935 §2: over TLS; on the same machine it need not be. Where it leads is checked again whenever it is called. */
const endpointUrl = z
  .url({ protocol: /^https?$/, error: 'expected an https:// URL' })
  .max(2_048)
  .refine((text) => {
    const url = URL.parse(text);
    return (
      url !== null && (url.protocol === 'https:' || isLoopback(url.hostname)) && url.username === '' && url.hash === ''
    );
  }, 'expected an https:// URL without user name and fragment');

const headerValue = z
  .string()
  .min(1)
  .max(4_096)
  .regex(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/, 'expected the value of an Authorization header');

const delivery = z.discriminatedUnion('method', [
  z.object({ method: z.literal(PUSH), endpoint_url: endpointUrl, authorization_header: z.exactOptional(headerValue) }),
  // Where to fetch events from is the transmitter's to say (SSF §8.1.1).
  z.object({ method: z.literal(POLL) }),
]);

/** What a receiver may say of a stream. What it does not know of is ignored, as receivers of later versions expect. */
export const streamInput = z.object({
  delivery: delivery.default({ method: POLL }),
  events_requested: z.exactOptional(z.array(z.string().max(512)).max(100)),
  description: z.exactOptional(z.string().max(1_000)),
});
export type StreamInput = z.output<typeof streamInput>;

export const streamPatch = z.object({
  delivery: z.exactOptional(delivery),
  events_requested: z.exactOptional(z.array(z.string().max(512)).max(100)),
  description: z.exactOptional(z.string().max(1_000)),
});
export type StreamPatch = z.output<typeof streamPatch>;
