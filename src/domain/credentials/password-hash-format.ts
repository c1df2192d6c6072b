import { createHmac } from 'node:crypto';
import { normalised } from '../../kernel/text.ts';
import { parseArgon2 } from './foreign-hashes/argon2.ts';
import type { ForeignAlgorithm, ForeignHash } from './foreign-hashes/foreign-hash.ts';
import { parseLdapSha } from './foreign-hashes/ldap-sha.ts';
import { parseMd5Crypt } from './foreign-hashes/md5-crypt.ts';
import { parsePbkdf2 } from './foreign-hashes/pbkdf2.ts';
import { parseScrypt } from './foreign-hashes/scrypt.ts';
import { parseShaCrypt } from './foreign-hashes/sha-crypt.ts';

/**
 * What bcrypt is fed: the password itself, or, where bcrypt would not see all of it, a digest of it.
 * `raw` is for bcrypt hashes of other systems: what was typed, not normalised, read up to byte 72.
 */
export type BcryptInput = 'plain' | 'hmac-sha384' | 'raw';

export type StoredHash =
  | { readonly kind: 'bcrypt'; readonly input: BcryptInput; readonly cost: number; readonly bcrypt: string }
  | { readonly kind: 'foreign'; readonly hash: ForeignHash };

const OWN = /^dw1:(bcrypt|bcrypt-hmac-sha384):(\$2b\$(\d\d)\$[./A-Za-z0-9]{53})$/;
const FOREIGN_BCRYPT = /^\$2[aby]\$((\d\d)\$[./A-Za-z0-9]{53})$/;
const FOREIGN = [parseArgon2, parsePbkdf2, parseScrypt, parseShaCrypt, parseMd5Crypt, parseLdapSha];

const BCRYPT_BYTES = 72;
const LOWEST_COST = 4;
const HIGHEST_COST = 16;

/** Reads every stored form; undefined for anything else. Costs are not judged here. */
export function parseStoredHash(text: string): StoredHash | undefined {
  const [, scheme, ownBcrypt, ownCost] = OWN.exec(text) ?? [];
  if (ownBcrypt !== undefined) {
    const input = scheme === 'bcrypt' ? 'plain' : 'hmac-sha384';
    return bcryptHash(input, Number(ownCost), ownBcrypt);
  }
  // LDAP servers put crypt(3) hashes behind this scheme name (RFC 2307 §5.3).
  const bare = text.replace(/^\{crypt\}/i, '');
  const [, rest, cost] = FOREIGN_BCRYPT.exec(bare) ?? [];
  // 2a, 2b and 2y differ only in old bugs of their makers; for what a person types they are one algorithm.
  if (rest !== undefined) return bcryptHash('raw', Number(cost), `$2b$${rest}`);
  for (const parse of FOREIGN) {
    const hash = parse(bare);
    if (hash) return { kind: 'foreign', hash };
  }
  return undefined;
}

/** The stored form of a hash made here. */
export function formatStoredHash(input: 'plain' | 'hmac-sha384', bcrypt: string): string {
  return `dw1:${input === 'plain' ? 'bcrypt' : 'bcrypt-hmac-sha384'}:${bcrypt}`;
}

/**
 * Which input form a new hash of this password takes: bcrypt reads 72 bytes, and many of its implementations stop
 * at the first NUL.
 */
export function bcryptInputFor(password: string): 'plain' | 'hmac-sha384' {
  const bytes = Buffer.from(normalised(password), 'utf8');
  return bytes.length > BCRYPT_BYTES || bytes.includes(0) ? 'hmac-sha384' : 'plain';
}

/** The bytes bcrypt is to read. The key of the HMAC is no secret: it keeps other sites' leaked SHA hashes from being tried here. */
export function bcryptInput(input: BcryptInput, password: string): Buffer {
  if (input === 'raw') return Buffer.from(password, 'utf8').subarray(0, BCRYPT_BYTES);
  const bytes = Buffer.from(normalised(password), 'utf8');
  if (input === 'plain') return bytes;
  // 64 characters of base64: all of the digest fits into bcrypt's 72 bytes.
  return Buffer.from(createHmac('sha384', 'doorward/bcrypt-pre-hash/1').update(bytes).digest('base64'));
}

export type PasswordHashAlgorithm = 'doorward' | ForeignAlgorithm;

/** A hash that may be imported, or why not; `detail` is for the person who imports. */
export type PasswordHashInspection =
  | { readonly acceptable: true; readonly algorithm: PasswordHashAlgorithm }
  | {
      readonly acceptable: false;
      readonly code: 'credentials.password_hash_unknown' | 'credentials.password_hash_too_costly';
      readonly detail: string;
    };

/** Judges a hash handed over for import: known form, and a verification that cannot stall the server. */
export function inspectPasswordHash(text: string): PasswordHashInspection {
  const stored = parseStoredHash(text);
  if (!stored) {
    return {
      acceptable: false,
      code: 'credentials.password_hash_unknown',
      detail:
        'This is none of the password hashes Doorward reads: bcrypt, argon2, scrypt, PBKDF2, {SSHA} and siblings, ' +
        'MD5-crypt, SHA-crypt.',
    };
  }
  const excess = excessOf(stored);
  if (excess !== undefined) {
    return {
      acceptable: false,
      code: 'credentials.password_hash_too_costly',
      detail: `Verifying this hash would cost too much: ${excess}.`,
    };
  }
  return { acceptable: true, algorithm: algorithmOf(stored) };
}

/** The algorithm of an acceptable hash; undefined when it is unknown or too costly to verify. */
export function recognisePasswordHash(text: string): PasswordHashAlgorithm | undefined {
  const inspection = inspectPasswordHash(text);
  return inspection.acceptable ? inspection.algorithm : undefined;
}

/** Why verifying would cost too much, or undefined. */
export function excessOf(stored: StoredHash): string | undefined {
  if (stored.kind === 'foreign') return stored.hash.excess;
  return stored.cost > HIGHEST_COST ? `bcrypt with a cost above ${HIGHEST_COST}` : undefined;
}

/** bcrypt's own bounds are 4 and 31; above 16 one hash takes seconds. */
export function isReasonableCost(cost: number): boolean {
  return Number.isInteger(cost) && cost >= LOWEST_COST && cost <= HIGHEST_COST;
}

function algorithmOf(stored: StoredHash): PasswordHashAlgorithm {
  if (stored.kind === 'foreign') return stored.hash.algorithm;
  return stored.input === 'raw' ? 'bcrypt' : 'doorward';
}

function bcryptHash(input: BcryptInput, cost: number, bcrypt: string): StoredHash | undefined {
  return cost >= LOWEST_COST && cost <= 31 ? { kind: 'bcrypt', input, cost, bcrypt } : undefined;
}
