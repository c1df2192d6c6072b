import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeBase64 } from './base64.ts';
import type { ForeignHash } from './foreign-hash.ts';

const PATTERN = /^\{(?<salted>S?)SHA(?<bits>256|384|512)?\}(?<value>[A-Za-z0-9+/]{27,344}={0,2})$/i;
const DIGESTS = { '': ['sha1', 20], '256': ['sha256', 32], '384': ['sha384', 48], '512': ['sha512', 64] } as const;

/** `{SHA}`, `{SSHA}`, `{SSHA256}`, `{SSHA512}` and siblings of LDAP servers: base64 of the digest, then the salt (RFC 2307 §5.3 and practice). */
export function parseLdapSha(text: string): ForeignHash | undefined {
  const groups = PATTERN.exec(text)?.groups;
  const bytes = decodeBase64(groups?.value ?? '');
  if (!groups || !bytes) return undefined;
  const bits = groups.bits === '256' || groups.bits === '384' || groups.bits === '512' ? groups.bits : '';
  const [name, length] = DIGESTS[bits];
  const [digest, salt] = [bytes.subarray(0, length), bytes.subarray(length)];
  // A salted hash has a salt and a plain one has none; anything else was cut or glued.
  if (digest.length !== length || (groups.salted !== '') !== salt.length > 0 || salt.length > 64) return undefined;
  return {
    algorithm: 'ldap-sha',
    excess: undefined,
    verify: async (password) => timingSafeEqual(createHash(name).update(password).update(salt).digest(), digest),
  };
}
