import { hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { constantTimeEqual, deriveKey, keyedHash, randomToken, sha256 } from '../../../src/kernel/crypto/derive.ts';
import { deriveReferenceKey, openReference, sealReference } from '../../../src/kernel/crypto/sealed-reference.ts';

describe('derived keys and hashes', () => {
  it('RFC 5869: each purpose has its own key, the same one every time', () => {
    const master = Buffer.alloc(32, 7);

    const key = deriveKey(master, 'audit-checkpoint');

    expect(key).toEqual(Buffer.from(hkdfSync('sha256', master, '', 'doorward/audit-checkpoint', 32)));
    expect(key).not.toEqual(deriveKey(master, 'user-code'));
    expect(key).not.toEqual(deriveKey(Buffer.alloc(32, 8), 'audit-checkpoint'));
  });

  it('RFC 4231 §4.3 and FIPS 180-4: the known vectors of HMAC-SHA-256 and SHA-256', () => {
    expect(keyedHash(Buffer.from('Jefe'), 'what do ya want for nothing?').toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    expect(sha256('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('random tokens carry 256 bits and are URL-safe', () => {
    const tokens = new Set(Array.from({ length: 1000 }, () => randomToken()));

    expect(tokens.size).toBe(1000);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('comparison takes strings and bytes of any length', () => {
    expect(constantTimeEqual('sécret', Buffer.from('sécret'))).toBe(true);
    expect(constantTimeEqual('', '')).toBe(true);
    expect(constantTimeEqual('secret', 'secre')).toBe(false);
    expect(constantTimeEqual('secret', 'secreT')).toBe(false);
    expect(constantTimeEqual('secret', 'secret\0')).toBe(false);
    expect(constantTimeEqual('\0', '')).toBe(false);
  });
});

describe('sealed references in token claims', () => {
  const key = deriveReferenceKey(Buffer.alloc(32, 1));
  const reference = Buffer.from('0190b3c4aabbccddeeff00112233445501', 'hex');

  it('a reference opens in the token it was made for, and there alone', () => {
    const sealed = sealReference(key, 'jti-1', reference);

    expect(openReference(key, 'jti-1', sealed)).toEqual(reference);
    expect(openReference(key, 'jti-2', sealed)).toBeUndefined();
    expect(openReference(deriveReferenceKey(Buffer.alloc(32, 2)), 'jti-1', sealed)).toBeUndefined();
  });

  it('its length depends on the length of the reference alone', () => {
    const lengths = ['a', 'b'.repeat(200)].map((jti) => sealReference(key, jti, reference).length);

    expect(new Set(lengths)).toEqual(new Set([Math.ceil(((reference.length + 16) * 4) / 3)]));
  });

  it('two references under one jti share no keystream', () => {
    const [a, b] = [Buffer.alloc(32, 0), Buffer.alloc(32, 0xff)];
    const [sealedA, sealedB] = [a, b].map((bytes) =>
      Buffer.from(sealReference(key, 'jti', bytes), 'base64url').subarray(16),
    );

    const xor = sealedA?.map((byte, index) => byte ^ (sealedB?.[index] ?? 0));

    expect(xor).not.toEqual(Buffer.alloc(32, 0xff));
  });

  it('every altered bit, every cut and every other spelling is refused without an exception', () => {
    const sealed = sealReference(key, 'jti', reference);
    const bytes = Buffer.from(sealed, 'base64url');
    const altered = [...bytes.keys()].map((index) => {
      const copy = Buffer.from(bytes);
      copy[index] = (copy[index] ?? 0) ^ 0x80;
      return copy.toString('base64url');
    });
    const cut = [...bytes.keys()].map((length) => bytes.subarray(0, length).toString('base64url'));

    const opened = [...altered, ...cut, `${sealed}=`, `${sealed}\n`, `*${sealed}`, ''].map((text) =>
      openReference(key, 'jti', text),
    );

    expect(new Set(opened)).toEqual(new Set([undefined]));
  });
});
