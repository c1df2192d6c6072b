import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Transmitter } from './transmitter.ts';

/** The keys behind an address: fetched, held and fetched again when one is not among them. */
export type KeysOf = (jwksUri: string) => JWTVerifyGetKey;

/** RFC 8935 §2.4. `unavailable` is none of them: the keys could not be read, and it is to be sent again. */
export type SetError = 'invalid_request' | 'invalid_key' | 'invalid_issuer' | 'invalid_audience' | 'unavailable';

export type Verified =
  | { readonly outcome: 'accepted'; readonly set: ReceivedSet }
  | { readonly outcome: 'refused'; readonly error: SetError; readonly detail: string };

/** Signatures that only the transmitter can make. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** A transmitter that was down for a week may still catch up; what is older was answered long ago. */
const OLDEST_SECONDS = 14 * 86_400;
/** Longer than what is taken: an event that was seen is known for as long as it could be sent again. */
export const KNOWN_FOR_SECONDS = 2 * OLDEST_SECONDS;
const CLOCK_SKEW_SECONDS = 300;
const MOST_EVENTS = 20;

const receivedSet = z.looseObject({
  jti: z.string().min(1).max(512),
  iat: z.number(),
  events: z
    .record(z.string().max(512), z.looseObject({}))
    .refine((events) => Object.keys(events).length > 0 && Object.keys(events).length <= MOST_EVENTS),
  sub_id: z.exactOptional(z.unknown()),
});
export type ReceivedSet = z.output<typeof receivedSet>;

/** RFC 8417, SSF §4: explicitly typed, signed by a key of the transmitter, from the issuer and for the audience that were agreed. */
export async function verifyReceived(
  token: string,
  { issuer, audience, jwksUri }: Transmitter,
  { keysOf, now }: { readonly keysOf: KeysOf; readonly now: Date },
): Promise<Verified> {
  let payload: unknown;
  try {
    const options = { typ: 'secevent+jwt', issuer, audience, algorithms: ALGORITHMS };
    const verified = await jwtVerify(token, keysOf(jwksUri), {
      ...options,
      currentDate: now,
      clockTolerance: CLOCK_SKEW_SECONDS,
    });
    payload = verified.payload;
  } catch (error) {
    return refusalOf(error);
  }
  const parsed = receivedSet.safeParse(payload);
  if (!parsed.success) return refused('invalid_request', 'expected jti, iat and events (RFC 8417 §2.2)');
  const age = now.getTime() / 1000 - parsed.data.iat;
  if (age > OLDEST_SECONDS || age < -CLOCK_SKEW_SECONDS)
    return refused('invalid_request', 'iat is too long ago, or in the future');
  return { outcome: 'accepted', set: parsed.data };
}

const refused = (error: SetError, detail: string): Verified => ({ outcome: 'refused', error, detail });

function refusalOf(error: unknown): Verified {
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return refused('invalid_issuer', 'another issuer was agreed');
    if (error.claim === 'aud') return refused('invalid_audience', 'it is not for this server');
    return refused('invalid_request', `the claim ${error.claim} is not as expected`);
  }
  const isKey =
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSEAlgNotAllowed;
  if (isKey) return refused('invalid_key', 'no key of the transmitter has signed it');
  const isForm =
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWTExpired ||
    error instanceof errors.JOSENotSupported;
  if (isForm) return refused('invalid_request', 'it is no security event token');
  return refused('unavailable', "the transmitter's keys could not be read");
}
