import type { SigningKey } from '../../domain/keys/signing-key.ts';

export type SignalKeys = {
  readonly issuer: string;
  /** Signs security event tokens: RS256, which every receiver knows (CAEP Interoperability Profile §2.6). */
  readonly signingKey: () => SigningKey;
  /** The Authorization header a receiver asked for, as it is kept. */
  readonly openHeader: (streamId: string, envelope: Uint8Array) => string;
};

export const SSF_PREFIX = '/ssf/v1';
