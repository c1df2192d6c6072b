import { decodeBase64 } from './base64.ts';
import type { ForeignHash } from './foreign-hash.ts';

const PATTERN =
  /^\$argon2(?<variant>id|i|d)\$(?:v=(?:16|19)\$)?m=(?<memory>\d{1,10}),t=(?<passes>\d{1,10}),p=(?<lanes>\d{1,8})\$(?<salt>[A-Za-z0-9+/]{11,86})\$(?<digest>[A-Za-z0-9+/]{16,86})$/;

const LARGEST_MEMORY_KIB = 256 * 1024;
// About a second: libsodium's "moderate" (256 MiB, three passes) is still below.
const MOST_KIB_PASSES = 1024 * 1024;
const MOST_LANES = 64;

/** Argon2 as PHC string: version 1.3 (RFC 9106), or 1.0, which older strings mean by naming none. */
export function parseArgon2(text: string): ForeignHash | undefined {
  const groups = PATTERN.exec(text)?.groups;
  if (!groups || !decodeBase64(groups.salt ?? '') || !decodeBase64(groups.digest ?? '')) return undefined;
  const [memory, passes, lanes] = [Number(groups.memory), Number(groups.passes), Number(groups.lanes)];
  // RFC 9106 §3.1: at least one pass, one lane, and eight blocks of memory for each lane.
  if (passes < 1 || lanes < 1 || memory < 8 * lanes) return undefined;
  const algorithm = groups.variant === 'id' ? 'argon2id' : groups.variant === 'i' ? 'argon2i' : 'argon2d';
  return { algorithm, excess: excessOf(memory, passes, lanes), verify: (password) => verify(text, password) };
}

async function verify(text: string, password: Buffer): Promise<boolean> {
  const argon2 = await import('@node-rs/argon2');
  return argon2.verify(text, password);
}

function excessOf(memory: number, passes: number, lanes: number): string | undefined {
  if (memory > LARGEST_MEMORY_KIB) return 'argon2 with more than 256 MiB of memory';
  if (memory * passes > MOST_KIB_PASSES) return 'argon2 with memory × passes above 1 GiB';
  return lanes > MOST_LANES ? 'argon2 with more than 64 lanes' : undefined;
}
