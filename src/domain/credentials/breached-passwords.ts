import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StartRefused } from '../../kernel/start-refused.ts';
import { comparisonKey } from '../../kernel/text.ts';

/** Passwords that are known from breaches elsewhere (NIST SP 800-63B §5.1.1.2). */
export type BreachedPasswords = { readonly size: number; has(password: string): boolean };

export const NO_BREACHED_PASSWORDS: BreachedPasswords = { size: 0, has: () => false };

/**
 * The file: this line, then the first eight bytes of the SHA-1 of every password, in ascending order and without any
 * between them. A tenth of a thousand million passwords is 800 MB; it is searched where it lies.
 */
export const BREACHED_PASSWORDS_HEADER = Buffer.from('doorward-sha1-8\n');
export const RECORD_BYTES = 8;

/** What stands in the list for a password. */
export const breachedRecord = (password: string): Buffer =>
  createHash('sha1').update(password, 'utf8').digest().subarray(0, RECORD_BYTES);

/** Opens the list that `doorward breached-passwords compile` made; without a path nothing is in it. Throws {@link StartRefused}. */
export function openBreachedPasswords(path: string | undefined): BreachedPasswords {
  if (path === undefined) return NO_BREACHED_PASSWORDS;
  const refused = (reason: string, cause?: unknown) =>
    new StartRefused(`DOORWARD_BREACHED_PASSWORDS (${path}): ${reason}`, { cause });
  const { file, size } = openFile(path, refused);
  const body = size - BREACHED_PASSWORDS_HEADER.length;
  const header = readAt(file, 0, Math.min(size, BREACHED_PASSWORDS_HEADER.length));
  if (!header.equals(BREACHED_PASSWORDS_HEADER) || body % RECORD_BYTES !== 0) {
    closeSync(file);
    throw refused('expected a whole list made by `doorward breached-passwords compile`');
  }
  const count = body / RECORD_BYTES;
  const holds = (record: Buffer): boolean => search(file, count, record);
  return {
    size: count,
    // As it was typed, and as it is when case and width of characters do not count.
    has: (password) => holds(breachedRecord(password)) || holds(breachedRecord(comparisonKey(password))),
  };
}

function openFile(path: string, refused: (reason: string, cause: unknown) => Error): { file: number; size: number } {
  try {
    const file = openSync(path, 'r');
    return { file, size: fstatSync(file).size };
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error), error);
  }
}

const PAGE_RECORDS = 512;
/** Hashes lie evenly, so that two or three guesses do; a file in which they do not is halved. */
const GUESSES = 8;
const VALUES = 2n ** 64n;

/** By interpolation: a few pages of 4 KB are read, however long the list is. */
function search(file: number, count: number, record: Buffer): boolean {
  const wanted = record.readBigUInt64BE();
  let low = { at: 0, value: 0n };
  let high = { at: count, value: VALUES };
  for (let round = 0; high.at - low.at > PAGE_RECORDS; round += 1) {
    const share = Number(((wanted - low.value) * 1_000_000_000n) / (high.value - low.value + 1n)) / 1e9;
    const guess = low.at + Math.floor((high.at - low.at) * (round < GUESSES ? share : 0.5)) - PAGE_RECORDS / 2;
    const start = Math.min(Math.max(guess, low.at), high.at - PAGE_RECORDS);
    const page = readRecords(file, start, PAGE_RECORDS);
    const [first, last] = [page.readBigUInt64BE(0), page.readBigUInt64BE(page.length - RECORD_BYTES)];
    if (wanted < first) high = { at: start, value: first };
    else if (wanted > last) low = { at: start + PAGE_RECORDS, value: last };
    else return isAmong(page, record);
  }
  return isAmong(readRecords(file, low.at, high.at - low.at), record);
}

function isAmong(page: Buffer, record: Buffer): boolean {
  for (let at = 0; at < page.length; at += RECORD_BYTES) {
    if (page.compare(record, 0, RECORD_BYTES, at, at + RECORD_BYTES) === 0) return true;
  }
  return false;
}

const readRecords = (file: number, start: number, count: number): Buffer =>
  readAt(file, BREACHED_PASSWORDS_HEADER.length + start * RECORD_BYTES, count * RECORD_BYTES);

function readAt(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const more = readSync(file, buffer, read, length - read, position + read);
    if (more === 0) throw new Error('the list of breached passwords has become shorter');
    read += more;
  }
  return buffer;
}
