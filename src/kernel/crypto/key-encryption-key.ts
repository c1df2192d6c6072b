import { createHash, randomBytes } from 'node:crypto';

declare const brand: unique symbol;

/** 32 bytes that never leave the process: everything at rest that must be readable again is sealed under them. */
export type KeyEncryptionKey = Buffer & { readonly [brand]: 'KeyEncryptionKey' };

export const KEY_ENCRYPTION_KEY_BYTES = 32;
export const KEY_ID_BYTES = 8;

/** The text or the file that should hold a key-encryption key does not. The message is one sentence for the operator, without the key. */
export class KeyEncryptionKeyError extends Error {
  override readonly name = 'KeyEncryptionKeyError';
}

/** A new key from the system's random source. */
export function generateKeyEncryptionKey(): KeyEncryptionKey {
  return branded(randomBytes(KEY_ENCRYPTION_KEY_BYTES));
}

/** Reads 32 bytes written as hex, base64 or base64url (padding optional). Throws {@link KeyEncryptionKeyError}. */
export function parseKeyEncryptionKey(text: string): KeyEncryptionKey {
  const bytes = decode(text.trim());
  if (bytes?.length !== KEY_ENCRYPTION_KEY_BYTES) {
    throw new KeyEncryptionKeyError(
      'The key-encryption key must be 32 bytes written as hex (64 characters), base64 or base64url (43 characters); ' +
        'make one with: openssl rand -base64 32',
    );
  }
  // An unset placeholder (all zeros, all the same byte) is a mistake, never a key.
  if (bytes.every((byte) => byte === bytes[0])) {
    throw new KeyEncryptionKeyError(
      'The key-encryption key repeats one single byte and so protects nothing; make one with: openssl rand -base64 32',
    );
  }
  return branded(bytes);
}

/** The text form that {@link parseKeyEncryptionKey} reads: base64url without padding. */
export function formatKeyEncryptionKey(key: KeyEncryptionKey): string {
  return key.toString('base64url');
}

/** Names a key without telling anything about it: the first 8 bytes of a domain-separated SHA-256. */
export function keyEncryptionKeyId(key: KeyEncryptionKey): Buffer {
  return createHash('sha256').update('doorward/key-encryption-key-id\0').update(key).digest().subarray(0, KEY_ID_BYTES);
}

function decode(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/]{43}=?$|^[A-Za-z0-9_-]{43}=?$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

function branded(bytes: Buffer): KeyEncryptionKey {
  return bytes as KeyEncryptionKey;
}
