import { timingSafeEqual } from 'node:crypto';
import { keyedHash, randomToken, sha256 } from '../../kernel/crypto/derive.ts';

const PEPPERED = 'hmac-sha256$';
const DECLARED = 'sha256$';
const DECLARED_HASH = /^sha256\$[A-Za-z0-9_-]{43}$/;

/** 256 random bits: enough entropy for a fast hash, where a password hash would cost every token request 50 ms and more. */
export const generateClientSecret = (): string => randomToken(32);

/** The stored form: HMAC-SHA-256 under the pepper (key purpose `client-secret-pepper`). */
export const hashClientSecret = (pepper: Uint8Array, secret: string): string =>
  `${PEPPERED}${keyedHash(pepper, secret).toString('base64url')}`;

/** The form a declarative file may carry, made without the pepper: for secrets with full entropy only. */
export const declareClientSecret = (secret: string): string => `${DECLARED}${sha256(secret).toString('base64url')}`;

export const isDeclaredClientSecret = (text: string): boolean => DECLARED_HASH.test(text);

/** Constant time; false for a stored form that is neither of the two. */
export function matchesClientSecret(pepper: Uint8Array, stored: string, secret: string): boolean {
  if (stored.startsWith(PEPPERED)) return isDigest(stored.slice(PEPPERED.length), keyedHash(pepper, secret));
  if (stored.startsWith(DECLARED)) return isDigest(stored.slice(DECLARED.length), sha256(secret));
  return false;
}

/** Digests all have one length: there is nothing for the comparison to tell by it. */
function isDigest(stored: string, digest: Buffer): boolean {
  const expected = Buffer.from(stored, 'base64url');
  return expected.length === digest.length && timingSafeEqual(expected, digest);
}
