import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KEY_ID_BYTES, type KeyEncryptionKey, keyEncryptionKeyId } from './key-encryption-key.ts';

/*
 * version (1 byte) | key id (8) | nonce (12, random) | ciphertext | tag (16)
 * Additional data of AES-256-GCM: version, key id, context. NIST SP 800-38D §8.3 bounds random nonces to 2^32 envelopes a key.
 */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const SMALLEST = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;

/** `wrong_key`: sealed under another key. `damaged`: truncated, altered, of an unknown version, or sealed for another context. */
export type EnvelopeErrorCode = 'wrong_key' | 'damaged';

export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
  readonly code: EnvelopeErrorCode;

  constructor(code: EnvelopeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Encrypts with AES-256-GCM under a named key.
 * `context` says what and whose the secret is (for example `signing_key:<kid>`); it is not stored, and an envelope
 * copied to another row does not open there.
 */
export function sealEnvelope(key: KeyEncryptionKey, plaintext: Uint8Array, context: string): Buffer {
  const header = Buffer.concat([Buffer.of(VERSION), keyEncryptionKeyId(key)]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(header, context));
  return Buffer.concat([header, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Throws {@link EnvelopeError}. */
export function openEnvelope(key: KeyEncryptionKey, envelope: Uint8Array, context: string): Buffer {
  const bytes = viewOf(envelope);
  if (!envelopeKeyId(bytes).equals(keyEncryptionKeyId(key))) {
    throw new EnvelopeError('wrong_key', 'The envelope was sealed under another key-encryption key.');
  }
  const nonce = bytes.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(bytes.subarray(0, HEADER_BYTES), context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const plaintext = decipher.update(bytes.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch (cause) {
    throw new EnvelopeError('damaged', 'The envelope was altered, or belongs to another record.', { cause });
  }
}

/** Opens under one key and seals under another, for a change of the key-encryption key. Throws {@link EnvelopeError}. */
export function rewrapEnvelope(
  from: KeyEncryptionKey,
  to: KeyEncryptionKey,
  envelope: Uint8Array,
  context: string,
): Buffer {
  return sealEnvelope(to, openEnvelope(from, envelope, context), context);
}

/** Which key sealed this envelope (compare with `keyEncryptionKeyId`). Throws {@link EnvelopeError} `damaged`. */
export function envelopeKeyId(envelope: Uint8Array): Buffer {
  const bytes = viewOf(envelope);
  if (bytes.length < SMALLEST || bytes[0] !== VERSION) {
    throw new EnvelopeError('damaged', 'The envelope is cut short or of an unknown version.');
  }
  return bytes.subarray(1, HEADER_BYTES);
}

function additionalData(header: Buffer, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context, 'utf8')]);
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
