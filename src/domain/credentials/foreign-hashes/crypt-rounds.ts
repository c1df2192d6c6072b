import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

export type CryptDigest = 'md5' | 'sha256' | 'sha512';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ROUNDS_PER_TURN = 1000;

export const digestOf = (digest: CryptDigest, ...parts: Uint8Array[]): Buffer =>
  hash(digest, Buffer.concat(parts), 'buffer');

/** `bytes` over and over until `length` is reached. */
export function repeated(bytes: Buffer, length: number): Buffer {
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/**
 * The loop that MD5-crypt and SHA-crypt share. It has no counterpart off the main thread in Node, so it hands the
 * event loop back every thousand rounds (about a millisecond).
 */
export async function stretch(
  digest: CryptDigest,
  start: Buffer,
  rounds: number,
  password: Buffer,
  salt: Buffer,
): Promise<Buffer> {
  let state = start;
  for (let round = 0; round < rounds; round += 1) {
    const odd = round % 2 === 1;
    const parts = [odd ? password : state];
    if (round % 3 !== 0) parts.push(salt);
    if (round % 7 !== 0) parts.push(password);
    parts.push(odd ? state : password);
    state = digestOf(digest, ...parts);
    if (round % ROUNDS_PER_TURN === ROUNDS_PER_TURN - 1) await nextTurn();
  }
  return state;
}

/** crypt(3)'s base64: 24 bits at a time, lowest six bits first; undefined indices are zero bits that get no character. */
export function encodeCrypt64(bytes: Buffer, order: readonly (readonly (number | undefined)[])[]): string {
  return order
    .map((triple) => {
      const bits = triple.reduce<number>(
        (sum, index) => sum * 256 + (index === undefined ? 0 : (bytes[index] ?? 0)),
        0,
      );
      const present = triple.filter((index) => index !== undefined).length;
      return Array.from({ length: present + 1 }, (_, place) => ALPHABET[(bits >> (6 * place)) & 63]).join('');
    })
    .join('');
}
