import { timingSafeEqual } from 'node:crypto';
import { type CryptDigest, digestOf, encodeCrypt64, repeated, stretch } from './crypt-rounds.ts';
import type { ForeignHash } from './foreign-hash.ts';

const PATTERN =
  /^\$(?<id>[56])\$(?:rounds=(?<rounds>[1-9]\d{3,8})\$)?(?<salt>[^$:\n]{0,16})\$(?<digest>[./0-9A-Za-z]{43}|[./0-9A-Za-z]{86})$/;
const DEFAULT_ROUNDS = 5000;
// passlib's own defaults are 535,000 and 656,000.
const MOST_ROUNDS = 1_000_000;

/** `$5$` and `$6$` (U. Drepper, "Unix crypt using SHA-256 and SHA-512"). */
export function parseShaCrypt(text: string): ForeignHash | undefined {
  const groups = PATTERN.exec(text)?.groups;
  if (groups?.salt === undefined || groups.digest === undefined) return undefined;
  const name = groups.id === '5' ? 'sha256' : 'sha512';
  if (groups.digest.length !== (name === 'sha256' ? 43 : 86)) return undefined;
  const rounds = groups.rounds === undefined ? DEFAULT_ROUNDS : Number(groups.rounds);
  const [salt, digest] = [Buffer.from(groups.salt, 'utf8'), Buffer.from(groups.digest)];
  return {
    algorithm: `${name}-crypt`,
    excess: rounds > MOST_ROUNDS ? 'SHA-crypt with more than 1,000,000 rounds' : undefined,
    verify: async (password) => timingSafeEqual(Buffer.from(await shaCrypt(name, password, salt, rounds)), digest),
  };
}

async function shaCrypt(
  name: Exclude<CryptDigest, 'md5'>,
  password: Buffer,
  salt: Buffer,
  rounds: number,
): Promise<string> {
  const inner = digestOf(name, password, salt, password);
  const lengthBits = password.length === 0 ? [] : [...password.length.toString(2)].reverse();
  const start = digestOf(
    name,
    password,
    salt,
    repeated(inner, password.length),
    ...lengthBits.map((bit) => (bit === '1' ? inner : password)),
  );
  const passwordBytes = repeated(digestOf(name, repeated(password, password.length ** 2)), password.length);
  const saltBytes = repeated(digestOf(name, repeated(salt, salt.length * (16 + (start[0] ?? 0)))), salt.length);
  const state = await stretch(name, start, rounds, passwordBytes, saltBytes);
  return encodeCrypt64(state, name === 'sha256' ? ORDER_256 : ORDER_512);
}

// Three thirds of the digest, turned by one place at each step.
const ORDER_256 = [...turned(10, (i) => [i, i + 10, i + 20], 2), [undefined, 31, 30]];
const ORDER_512 = [...turned(21, (i) => [i, i + 21, i + 42], 1), [undefined, undefined, 63]];

function turned(count: number, triple: (index: number) => number[], step: number): number[][] {
  return Array.from({ length: count }, (_, index) => {
    const places = triple(index);
    const by = (index * step) % 3;
    return [...places.slice(by), ...places.slice(0, by)];
  });
}
