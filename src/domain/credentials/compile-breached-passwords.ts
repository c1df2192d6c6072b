import { BREACHED_PASSWORDS_HEADER, breachedRecord, RECORD_BYTES } from './breached-passwords.ts';

/** What is wrong with the lines, and in which. */
export class BreachedPasswordsRefused extends Error {
  override readonly name = 'BreachedPasswordsRefused';
}

/** Passwords themselves are put into order in memory. */
const MOST_PLAIN = 50_000_000;
const CHUNK_RECORDS = 65_536;
const HASH_LINE = /^([0-9A-F]{40})(?::(\d{1,15}))?$/;

/**
 * The bytes of a list, from lines that are all passwords, or all `SHA1` or `SHA1:COUNT` in ascending order, as the lists
 * of Have I Been Pwned are: those pass through, however many there are. Hashes that were counted less often than
 * `atLeast` are left out. Throws {@link BreachedPasswordsRefused}.
 */
export async function* compileBreachedPasswords(
  chunks: AsyncIterable<readonly string[]>,
  { atLeast, onLines = () => undefined }: { readonly atLeast: number; readonly onLines?: (count: number) => void },
): AsyncGenerator<Buffer> {
  yield BREACHED_PASSWORDS_HEADER;
  const plain: BigUint64Array[] = [];
  let [count, plainCount, before, last] = [0, 0, '', -1n];
  for await (const lines of chunks) {
    const records: bigint[] = [];
    const passwords: bigint[] = [];
    for (const line of lines) {
      count += 1;
      if (line === '') continue;
      const [, hash, seen = atLeast] = HASH_LINE.exec(line.toUpperCase()) ?? [];
      if (hash === undefined) {
        if (before !== '') throw unlike(count, 'SHA1:COUNT');
        passwords.push(breachedRecord(line).readBigUInt64BE());
        continue;
      }
      if (plainCount + passwords.length > 0) throw unlike(count, 'a password');
      if (hash < before) throw refused(count, 'expected hashes in ascending order; sort them first');
      before = hash;
      const record = BigInt(`0x${hash.slice(0, RECORD_BYTES * 2)}`);
      if (Number(seen) < atLeast || record === last) continue;
      records.push(record);
      last = record;
    }
    if (passwords.length > 0) plain.push(BigUint64Array.from(passwords));
    plainCount += passwords.length;
    if (plainCount > MOST_PLAIN)
      throw refused(count, `more than ${MOST_PLAIN} passwords; give SHA-1 hashes in ascending order`);
    onLines(count);
    yield bytesOf(records);
  }
  const sorted = joined(plain, plainCount)
    .sort()
    .filter((record, at, all) => record !== all[at - 1]);
  for (let at = 0; at < sorted.length; at += CHUNK_RECORDS) yield bytesOf(sorted.subarray(at, at + CHUNK_RECORDS));
}

function joined(parts: readonly BigUint64Array[], length: number): BigUint64Array {
  const all = new BigUint64Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function bytesOf(records: ArrayLike<bigint> & Iterable<bigint>): Buffer {
  const bytes = Buffer.allocUnsafe(records.length * RECORD_BYTES);
  let at = 0;
  for (const record of records) at = bytes.writeBigUInt64BE(record, at);
  return bytes;
}

const refused = (line: number, reason: string) => new BreachedPasswordsRefused(`line ${line}: ${reason}`);
const unlike = (line: number, expected: string) => refused(line, `expected ${expected}, as in the lines before`);
