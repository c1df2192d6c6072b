import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { decodeAdaptedBase64, decodeBase64 } from './base64.ts';
import type { ForeignHash } from './foreign-hash.ts';

const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64 } as const;
type Digest = keyof typeof DIGEST_BYTES;
type Parts = {
  readonly digest: Digest;
  readonly iterations: number;
  readonly salt: Buffer | undefined;
  readonly key: Buffer | undefined;
};

const MOST_ITERATIONS = 5_000_000;

// Django: the salt is text. passlib and PHC: the salt is base64. LDAP (passlib, 389 DS): passlib's fields behind a scheme name.
const DJANGO = /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,10})\$([^$]{1,128})\$([A-Za-z0-9+/]{16,88}={0,2})$/;
const PHC =
  /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$i=(\d{1,10})(?:,l=(\d{1,3}))?\$([A-Za-z0-9+/]{1,172})\$([A-Za-z0-9+/]{16,88})$/;
const PASSLIB = /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(\d{1,10})\$([A-Za-z0-9./]{0,172})\$([A-Za-z0-9./]{16,88})$/;
const LDAP = /^\{PBKDF2(?:-(SHA1|SHA256|SHA512))?\}(\d{1,10})\$([A-Za-z0-9./]{0,172})\$([A-Za-z0-9./]{16,88})$/i;
const WERKZEUG = /^pbkdf2:(sha1|sha256|sha512):(\d{1,10})\$([A-Za-z0-9]{1,64})\$((?:[0-9a-f]{2}){16,64})$/;

/** PBKDF2 (RFC 8018) as PHC string and in the spellings of Django, passlib, LDAP servers and Werkzeug. */
export function parsePbkdf2(text: string): ForeignHash | undefined {
  const parts = django(text) ?? phc(text) ?? passlib(text) ?? werkzeug(text);
  if (!parts) return undefined;
  const { digest, iterations, salt, key } = parts;
  if (!salt || !key || key.length < 10 || iterations < 1) return undefined;
  // Each block of output is the whole work again.
  const work = iterations * Math.ceil(key.length / DIGEST_BYTES[digest]);
  return {
    algorithm: 'pbkdf2',
    excess: work > MOST_ITERATIONS ? 'PBKDF2 with more than 5,000,000 iterations' : undefined,
    verify: async (password) => timingSafeEqual(await derive(password, salt, iterations, key.length, digest), key),
  };
}

function django(text: string): Parts | undefined {
  const [, digest, iterations, salt, key] = DJANGO.exec(text) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return parts(digest, iterations, Buffer.from(salt, 'utf8'), decodeBase64(key));
}

function phc(text: string): Parts | undefined {
  const [, digest, iterations, length, salt, key] = PHC.exec(text) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  const decoded = decodeBase64(key);
  if (length !== undefined && Number(length) !== decoded?.length) return undefined;
  return parts(digest, iterations, decodeBase64(salt), decoded);
}

function passlib(text: string): Parts | undefined {
  const [, digest, iterations, salt, key] = PASSLIB.exec(text) ?? LDAP.exec(text) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return parts(digest, iterations, decodeAdaptedBase64(salt), decodeAdaptedBase64(key));
}

function werkzeug(text: string): Parts | undefined {
  const [, digest, iterations, salt, key] = WERKZEUG.exec(text) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return parts(digest, iterations, Buffer.from(salt, 'utf8'), Buffer.from(key, 'hex'));
}

function parts(digest: string | undefined, iterations: string | undefined, salt?: Buffer, key?: Buffer): Parts {
  return { digest: digestOf(digest), iterations: Number(iterations), salt, key };
}

// Without a name all three spellings mean SHA-1.
function digestOf(name: string | undefined): Digest {
  const lower = name?.toLowerCase();
  return lower === 'sha256' || lower === 'sha512' ? lower : 'sha1';
}

function derive(password: Buffer, salt: Buffer, iterations: number, length: number, digest: Digest): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    pbkdf2(password, salt, iterations, length, digest, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
