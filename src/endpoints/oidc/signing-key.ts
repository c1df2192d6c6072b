import { createPrivateKey, createPublicKey, type KeyObject, type SignKeyObjectInput, sign } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { ExternalSigningKey } from 'oidc-provider';
import type { SigningKey } from '../../domain/keys/signing-key.ts';

/** RFC 7518 §3.3, §3.4 and RFC 8037: digest, and for ECDSA the two numbers side by side instead of DER. */
const parameters = {
  RS256: { digest: 'sha256' },
  ES256: { digest: 'sha256', dsaEncoding: 'ieee-p1363' },
  EdDSA: { digest: null },
} as const;

/**
 * A key that signs with node:crypto itself. An elliptic curve signature takes 35 µs, and as long again to hand it to the thread
 * pool and back, where it would queue behind passwords; so it is made at once. RSA takes ten times as long: it goes to the pool
 * where another core can take it.
 */
export class ServerSigningKey extends ExternalSigningKey {
  readonly #publicKey: KeyObject;
  readonly #input: SignKeyObjectInput;
  readonly #digest: string | null;
  readonly #isOffloaded: boolean;

  constructor({ kid, alg, privateJwk }: SigningKey) {
    super();
    const { digest, ...encoding } = parameters[alg];
    const key = createPrivateKey({ key: privateJwk, format: 'jwk' });
    Object.assign(this, { kid, alg });
    this.#publicKey = createPublicKey(key);
    this.#input = { key, ...encoding };
    this.#digest = digest;
    this.#isOffloaded = alg === 'RS256' && availableParallelism() > 1;
  }

  override keyObject(): KeyObject {
    return this.#publicKey;
  }

  override async sign(data: Uint8Array): Promise<Uint8Array> {
    if (!this.#isOffloaded) return sign(this.#digest, data, this.#input);
    return new Promise((resolve, reject) => {
      sign(this.#digest, data, this.#input, (error, signature) => (error ? reject(error) : resolve(signature)));
    });
  }
}

const ORDER = { active: 0, next: 1, retiring: 2 } as const;

/** The first of an algorithm signs: active keys come first, then those that are to follow, then those that only verify. */
export const inSigningOrder = (keys: readonly SigningKey[]): readonly SigningKey[] =>
  [...keys].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
