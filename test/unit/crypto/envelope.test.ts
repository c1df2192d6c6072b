import { describe, expect, it } from '@jest/globals';
import {
  EnvelopeError,
  envelopeKeyId,
  openEnvelope,
  rewrapEnvelope,
  sealEnvelope,
} from '../../../src/kernel/crypto/envelope.ts';
import {
  formatKeyEncryptionKey,
  generateKeyEncryptionKey,
  KeyEncryptionKeyError,
  keyEncryptionKeyId,
  parseKeyEncryptionKey,
} from '../../../src/kernel/crypto/key-encryption-key.ts';

const secret = Buffer.from('a private key in PKCS #8');

function codeOf(open: () => unknown): string {
  try {
    open();
  } catch (error) {
    if (error instanceof EnvelopeError) return error.code;
    throw error;
  }
  return 'opened';
}

describe('envelopes of secrets at rest', () => {
  it('an envelope opens with its key and its context, and never twice looks the same', () => {
    const key = generateKeyEncryptionKey();

    const first = sealEnvelope(key, secret, 'signing_key:1');
    const second = sealEnvelope(key, secret, 'signing_key:1');

    expect(openEnvelope(key, first, 'signing_key:1')).toEqual(secret);
    expect(first).not.toEqual(second);
    expect(first.includes(secret)).toBe(false);
  });

  it('an empty secret is a secret too', () => {
    const key = generateKeyEncryptionKey();

    expect(openEnvelope(key, sealEnvelope(key, new Uint8Array(), 'x'), 'x')).toHaveLength(0);
  });

  it('another key is told apart from damage, so that the start can say which key is wrong', () => {
    const envelope = sealEnvelope(generateKeyEncryptionKey(), secret, 'c');

    expect(codeOf(() => openEnvelope(generateKeyEncryptionKey(), envelope, 'c'))).toBe('wrong_key');
  });

  it('an envelope moved to another record does not open there', () => {
    const key = generateKeyEncryptionKey();

    expect(codeOf(() => openEnvelope(key, sealEnvelope(key, secret, 'totp:alice'), 'totp:bob'))).toBe('damaged');
  });

  it('every single altered byte and every truncation is refused', () => {
    const key = generateKeyEncryptionKey();
    const envelope = sealEnvelope(key, secret, 'c');

    const altered = [...envelope.keys()].map((index) => {
      const copy = Buffer.from(envelope);
      copy[index] = (copy[index] ?? 0) ^ 1;
      return codeOf(() => openEnvelope(key, copy, 'c'));
    });
    const truncated = [...envelope.keys()].map((length) =>
      codeOf(() => openEnvelope(key, envelope.subarray(0, length), 'c')),
    );

    expect(altered).toEqual(altered.map((_, index) => (index >= 1 && index <= 8 ? 'wrong_key' : 'damaged')));
    expect(new Set(truncated)).toEqual(new Set(['damaged']));
  });

  it('rewrapping moves an envelope from one key to the next', () => {
    const [from, to] = [generateKeyEncryptionKey(), generateKeyEncryptionKey()];

    const rewrapped = rewrapEnvelope(from, to, sealEnvelope(from, secret, 'c'), 'c');

    expect(openEnvelope(to, rewrapped, 'c')).toEqual(secret);
    expect(envelopeKeyId(rewrapped)).toEqual(keyEncryptionKeyId(to));
    expect(codeOf(() => openEnvelope(from, rewrapped, 'c'))).toBe('wrong_key');
  });
});

describe('the text of a key-encryption key', () => {
  it('hex, base64 and base64url of 32 bytes are read, with white space around', () => {
    const key = generateKeyEncryptionKey();
    const spellings = [key.toString('hex'), key.toString('base64'), ` ${formatKeyEncryptionKey(key)}\n`];

    const parsed = spellings.map((text) => parseKeyEncryptionKey(text));

    expect(parsed).toEqual([key, key, key]);
  });

  it.each([
    ['nothing', ''],
    ['a passphrase', 'correct horse battery staple'],
    ['16 bytes', Buffer.alloc(16, 'ab').toString('hex')],
    ['33 bytes', Buffer.alloc(33, 'ab').toString('base64')],
    ['foreign characters', `${'!'.repeat(43)}=`],
    ['all zeros', '0'.repeat(64)],
  ])('%s is refused with a sentence that does not repeat the input', (_, text) => {
    const parse = () => parseKeyEncryptionKey(text);

    expect(parse).toThrow(KeyEncryptionKeyError);
    expect(parse).toThrow(/openssl rand -base64 32$/);
    if (text !== '') expect(parse).not.toThrow(text);
  });
});
