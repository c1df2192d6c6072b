import { randomToken } from '../../kernel/crypto/derive.ts';
import { openReference, type ReferenceKey, sealReference } from '../../kernel/crypto/sealed-reference.ts';

const SEPARATOR = '~';
const EXPIRY_BYTES = 4;

/**
 * A refresh token carries, sealed, the grant it came from and when it ends: rows of used tokens can go soon, and one that is
 * presented again long after still ends its grant (RFC 9700 §4.14.2).
 */
export function newRefreshTokenValue(key: ReferenceKey, grantId: string, expiresAtSeconds: number): string {
  const secret = randomToken(32);
  const expiry = Buffer.alloc(EXPIRY_BYTES);
  expiry.writeUInt32BE(expiresAtSeconds);
  return `${secret}${SEPARATOR}${sealReference(key, secret, Buffer.concat([expiry, Buffer.from(grantId)]))}`;
}

/** The grant of a token of ours that has not ended; undefined for anything else. */
export function grantOfRefreshToken(key: ReferenceKey, value: string, nowSeconds: number): string | undefined {
  const [secret, sealed, ...more] = value.split(SEPARATOR);
  if (!secret || !sealed || more.length > 0) return undefined;
  const bytes = openReference(key, secret, sealed);
  if (!bytes || bytes.length <= EXPIRY_BYTES || bytes.readUInt32BE() <= nowSeconds) return undefined;
  return bytes.toString('utf8', EXPIRY_BYTES);
}
