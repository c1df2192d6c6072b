/** What second factors are kept under. */
export type SecondFactorSecrets = {
  /** Under the key-encryption key: a seed must be readable again. */
  readonly seal: (plaintext: Uint8Array, context: string) => Buffer;
  /** Throws EnvelopeError. */
  readonly open: (envelope: Uint8Array, context: string) => Buffer;
  /** Derived for purpose 'recovery codes'. */
  readonly recoveryKey: Uint8Array;
};
