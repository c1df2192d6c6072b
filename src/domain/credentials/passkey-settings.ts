/** What passkeys are made for here, and which are taken. */
export type PasskeySettings = {
  /** WebAuthn §4: the domain that passkeys belong to. */
  readonly rpId: string;
  readonly rpName: string;
  /** The one origin whose pages make and use them: the issuer's. */
  readonly origin: string;
  /** PEM certificates of makers. With any, only authenticators are taken whose attestation leads to one of them. */
  readonly attestationRoots: readonly string[];
  /** Models that are taken; all when empty. */
  readonly allowedAaguids: readonly string[];
  readonly deniedAaguids: readonly string[];
  /** Derived for purpose 'passkey challenges'. */
  readonly challengeKey: Uint8Array;
};
