import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { decodeBase64 } from './base64.ts';
import type { ForeignHash } from './foreign-hash.ts';

const PHC =
  /^\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,6}),p=(?<p>\d{1,6})\$(?<salt>[A-Za-z0-9+/]{1,86})\$(?<digest>[A-Za-z0-9+/]{22,86})$/;
const WERKZEUG =
  /^scrypt:(?<n>\d{1,10}):(?<r>\d{1,6}):(?<p>\d{1,6})\$(?<salt>[A-Za-z0-9]{1,64})\$(?<digest>[0-9a-f]{128})$/;

const LARGEST_MEMORY_BYTES = 256 * 1024 * 1024;
const MOST_WORK_BYTES = 1024 * 1024 * 1024;

type Parameters = { readonly n: number; readonly r: number; readonly p: number };

/** scrypt (RFC 7914) as PHC string (passlib and others) or in Werkzeug's spelling. */
export function parseScrypt(text: string): ForeignHash | undefined {
  const phc = PHC.exec(text)?.groups;
  if (phc) {
    const cost = { n: 2 ** Number(phc.ln), r: Number(phc.r), p: Number(phc.p) };
    return scryptHash(cost, decodeBase64(phc.salt ?? ''), decodeBase64(phc.digest ?? ''));
  }
  const werkzeug = WERKZEUG.exec(text)?.groups;
  if (!werkzeug) return undefined;
  const cost = { n: Number(werkzeug.n), r: Number(werkzeug.r), p: Number(werkzeug.p) };
  return scryptHash(cost, Buffer.from(werkzeug.salt ?? '', 'utf8'), Buffer.from(werkzeug.digest ?? '', 'hex'));
}

function scryptHash(cost: Parameters, salt: Buffer | undefined, digest: Buffer | undefined): ForeignHash | undefined {
  if (!salt || !digest || !isValid(cost)) return undefined;
  return {
    algorithm: 'scrypt',
    excess: excessOf(cost),
    verify: async (password) => timingSafeEqual(await derive(password, salt, digest.length, cost), digest),
  };
}

// RFC 7914 §2: N is a power of two, greater than one and below 2^(128r/8); r × p stays below 2^30.
function isValid({ n, r, p }: Parameters): boolean {
  const exponent = Math.log2(n);
  return Number.isInteger(exponent) && exponent >= 1 && exponent < 16 * r && p >= 1 && r * p < 2 ** 30;
}

function excessOf({ n, r, p }: Parameters): string | undefined {
  if (128 * n * r > LARGEST_MEMORY_BYTES) return 'scrypt with more than 256 MiB of memory';
  return 128 * n * r * p > MOST_WORK_BYTES ? 'scrypt with memory × parallelism above 1 GiB' : undefined;
}

function derive(password: Buffer, salt: Buffer, length: number, { n, r, p }: Parameters): Promise<Buffer> {
  // Node counts the blocks of all p lanes and some more against maxmem.
  const options: ScryptOptions = { N: n, r, p, maxmem: 128 * r * (n + p + 2) + 4096 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
