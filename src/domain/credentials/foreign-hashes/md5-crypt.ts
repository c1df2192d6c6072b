import { timingSafeEqual } from 'node:crypto';
import { digestOf, encodeCrypt64, repeated, stretch } from './crypt-rounds.ts';
import type { ForeignHash } from './foreign-hash.ts';

const PATTERN = /^\$(?<magic>1|apr1)\$(?<salt>[./0-9A-Za-z]{1,8})\$(?<digest>[./0-9A-Za-z]{22})$/;
const ROUNDS = 1000;
const ORDER = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
  [undefined, undefined, 11],
];

/** `$1$` of BSD and Linux, `$apr1$` of Apache. */
export function parseMd5Crypt(text: string): ForeignHash | undefined {
  const { magic, salt, digest } = PATTERN.exec(text)?.groups ?? {};
  if (magic === undefined || salt === undefined || digest === undefined) return undefined;
  return {
    algorithm: 'md5-crypt',
    excess: undefined,
    verify: async (password) =>
      timingSafeEqual(Buffer.from(await md5Crypt(password, `$${magic}$`, Buffer.from(salt))), Buffer.from(digest)),
  };
}

async function md5Crypt(password: Buffer, magic: string, salt: Buffer): Promise<string> {
  const inner = digestOf('md5', password, salt, password);
  // Each bit of the length, lowest first, adds NUL or the first character: a slip of the original that became the format.
  const lengthBits = [...password.length.toString(2)]
    .reverse()
    .map((bit) => (bit === '1' ? Buffer.of(0) : password.subarray(0, 1)));
  const tail = password.length === 0 ? [] : lengthBits;
  const start = digestOf('md5', password, Buffer.from(magic), salt, repeated(inner, password.length), ...tail);
  return encodeCrypt64(await stretch('md5', start, ROUNDS, password, salt), ORDER);
}
