import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from './derive.ts';

const TAG_BYTES = 16;

/** The two keys of sealed references. Derive once and keep: HKDF costs more than the sealing. */
export type ReferenceKey = { readonly mac: Buffer; readonly cipher: Buffer };

export function deriveReferenceKey(master: Uint8Array): ReferenceKey {
  return { mac: deriveKey(master, 'sealed-reference/mac'), cipher: deriveKey(master, 'sealed-reference/cipher') };
}

/**
 * Encrypts a few bytes for a claim of the token `jti`: readable by us alone, valid in that token alone, always
 * 16 bytes longer than `bytes` (before base64url).
 *
 * The construction is that of RFC 5297 (SIV): one HMAC over jti and plaintext is both tag and counter start, so no
 * nonce is stored, and sealing two values for one jti reveals nothing, which a nonce made of the jti alone would.
 */
export function sealReference(key: ReferenceKey, jti: string, bytes: Uint8Array): string {
  const tag = tagOf(key, jti, bytes);
  if (bytes.length === 0) return tag.toString('base64url');
  const cipher = createCipheriv('aes-256-ctr', key.cipher, tag);
  return Buffer.concat([tag, cipher.update(bytes), cipher.final()]).toString('base64url');
}

/** The sealed bytes, or undefined when the text was not sealed by this key for this `jti`. */
export function openReference(key: ReferenceKey, jti: string, text: string): Buffer | undefined {
  const sealed = Buffer.from(text, 'base64url');
  // One reference has one spelling: Node's decoder would skip foreign characters.
  if (sealed.length < TAG_BYTES || sealed.toString('base64url') !== text) return undefined;
  const tag = sealed.subarray(0, TAG_BYTES);
  const decipher = createDecipheriv('aes-256-ctr', key.cipher, tag);
  const bytes = Buffer.concat([decipher.update(sealed.subarray(TAG_BYTES)), decipher.final()]);
  return timingSafeEqual(tag, tagOf(key, jti, bytes)) ? bytes : undefined;
}

function tagOf(key: ReferenceKey, jti: string, bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(jti, 'utf8'));
  return createHmac('sha256', key.mac).update(length).update(jti).update(bytes).digest().subarray(0, TAG_BYTES);
}
