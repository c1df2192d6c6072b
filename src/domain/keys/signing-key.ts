import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import { openEnvelope, sealEnvelope } from '../../kernel/crypto/envelope.ts';
import { type KeyEncryptionKey, keyEncryptionKeyId } from '../../kernel/crypto/key-encryption-key.ts';

/** RFC 7518 §3.1 and RFC 8037 §3.1. */
export const signingAlgs = ['RS256', 'ES256', 'EdDSA'] as const;
export type SigningAlg = (typeof signingAlgs)[number];

/**
 * `next` is published before it signs, so that clients have it when it does; `active` signs (one for each algorithm);
 * `retiring` only verifies; `retired` is published no more and has lost its private part.
 */
export type KeyState = 'next' | 'active' | 'retiring' | 'retired';

/** A key that is published: it signs, will sign, or signed what may still be valid. */
export type SigningKey = {
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly state: Exclude<KeyState, 'retired'>;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
};

export type NewSigningKey = Omit<SigningKey, 'state'>;

const makePair = promisify(generateKeyPair);

/** The kid is the RFC 7638 thumbprint: it cannot collide and says nothing. */
export async function generateSigningKey(alg: SigningAlg): Promise<NewSigningKey> {
  const { privateKey, publicKey } = await pairFor(alg);
  const publicPart = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicPart);
  const named = { kid, alg, use: 'sig' };
  return {
    kid,
    alg,
    publicJwk: { ...publicPart, ...named },
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
  };
}

function pairFor(alg: SigningAlg) {
  switch (alg) {
    case 'RS256':
      // NIST SP 800-57 part 1 §5.6.3: 2048 bits hold until 2030; 3072 would triple what every ID token costs.
      return makePair('rsa', { modulusLength: 2048 });
    case 'ES256':
      return makePair('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return makePair('ed25519');
  }
}

/** Envelope contexts: an envelope moved to another row, or another column's envelope put here, does not open. */
const contexts = {
  published: (kid: string) => `signing_key:${kid}`,
  retired: (kid: string) => `retired_signing_key:${kid}`,
};

export const signingKeyContext = (kid: string, state: KeyState): string =>
  state === 'retired' ? contexts.retired(kid) : contexts.published(kid);

export function sealPrivateJwk(key: KeyEncryptionKey, { kid, privateJwk }: NewSigningKey): Buffer {
  return sealEnvelope(key, Buffer.from(JSON.stringify(privateJwk)), contexts.published(kid));
}

/**
 * What remains when the private part goes: the public JWK, sealed. Signatures of old audit checkpoints are checked
 * against it, and whoever can write the database but lacks the key-encryption key cannot put another in its place.
 */
export function sealRetiredJwk(key: KeyEncryptionKey, kid: string, publicJwk: JWK): Buffer {
  return sealEnvelope(key, Buffer.from(JSON.stringify(publicJwk)), contexts.retired(kid));
}

/** Throws EnvelopeError. For a retired key it is the public part. */
export function openJwk(key: KeyEncryptionKey, kid: string, state: KeyState, envelope: Uint8Array): JWK {
  const text = openEnvelope(key, envelope, signingKeyContext(kid, state)).toString('utf8');
  return JSON.parse(text) as JWK;
}

/** The public half of a JWK by allow-list (RFC 7518 §6, RFC 8037 §2): a new private member cannot slip through. */
export function publicJwkOf(jwk: JWK): JWK {
  const names = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'];
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => names.includes(name)));
}

/** How messages name a key-encryption key. */
export const keyIdText = (key: KeyEncryptionKey): string => keyEncryptionKeyId(key).toString('hex');
