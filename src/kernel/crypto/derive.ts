import { createHmac, hash, hkdfSync, randomBytes, randomFillSync, timingSafeEqual } from 'node:crypto';

/** A 32-byte key for one purpose (HKDF-SHA-256, RFC 5869); `purpose` is a constant of the calling code, never input. */
export function deriveKey(master: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `doorward/${purpose}`, 32));
}

/** HMAC-SHA-256: for values an attacker with the database could otherwise enumerate (user codes, client secrets, addresses). */
export function keyedHash(key: Uint8Array, value: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(value).digest();
}

/** Plain SHA-256: only for values with full entropy, such as random tokens. */
export function sha256(value: string | Uint8Array): Buffer {
  return hash('sha256', value, 'buffer');
}

/** `bytes` random bytes as base64url; 32 give 43 characters and 256 bits (RFC 6749 §10.10 asks for at least 128). */
export function randomToken(bytes = 32): string {
  return takeRandom(bytes).toString('base64url');
}

const stock = Buffer.alloc(8192);
let taken = stock.length;

/** Random bytes in stock: asking the system for each token costs more than everything else about it. Each is given once. */
function takeRandom(bytes: number): Buffer {
  if (bytes > stock.length) return randomBytes(bytes);
  if (taken + bytes > stock.length) {
    randomFillSync(stock);
    taken = 0;
  }
  taken += bytes;
  return stock.subarray(taken - bytes, taken);
}

/** Compares without telling by time where, or whether in length, the two differ. Strings are compared as UTF-8. */
export function constantTimeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  const length = Math.max(first.length, second.length);
  return timingSafeEqual(padded(first, length), padded(second, length)) && first.length === second.length;
}

function padded(bytes: Buffer, length: number): Buffer {
  const whole = Buffer.alloc(length);
  bytes.copy(whole);
  return whole;
}
