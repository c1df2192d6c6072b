import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, open, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';
import { z } from 'zod';
import { CommandFailed } from './command.ts';

/*
 * A backup is a gzip file of JSON lines: a header, then for each table a line that names it and one line a row (PostgreSQL's
 * text form of the whole row, which loses nothing), and last the number of lines before it with their SHA-256.
 */
const header = z.strictObject({
  doorwardBackup: z.literal(1),
  version: z.string(),
  createdAt: z.iso.datetime(),
  migrations: z.array(z.string()),
  /** Null: the key was given in a variable, and is not in the file. */
  keyEncryptionKey: z.string().nullable(),
});
const tableLine = z.strictObject({ table: z.string().regex(/^[a-z_]+$/), columns: z.array(z.string()) });
const closing = z.strictObject({ lines: z.int(), sha256: z.string() });

export type BackupHeader = z.output<typeof header>;
export type BackupTable = z.output<typeof tableLine>;
export type BackupLine = { readonly table: BackupTable } | { readonly row: string };

/** Writes a new file that appears under its name only when it is whole. Throws CommandFailed when the name is taken. */
export async function writeBackup(path: string, lines: AsyncIterable<unknown>): Promise<{ readonly lines: number }> {
  const draft = `${path}.${process.pid}.part`;
  try {
    const gzip = createGzip();
    const stored = pipeline(gzip, createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }));
    const [count] = await Promise.all([writeLines(gzip, lines), stored]);
    // link() refuses a name that is taken, which rename() does not.
    await link(draft, path);
    await syncFolder(dirname(path));
    return { lines: count };
  } catch (error) {
    throw wordWriteError(path, error);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Before the work: the name is free and its folder can be written. Throws CommandFailed. */
export async function assertNewFile(path: string): Promise<void> {
  const probe = `${path}.${process.pid}.probe`;
  try {
    await writeFile(probe, '', { flag: 'wx', mode: 0o600 });
    await link(probe, path);
    await rm(path);
  } catch (error) {
    throw wordWriteError(path, error);
  } finally {
    await rm(probe, { force: true });
  }
}

function wordWriteError(path: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === 'EEXIST')
    return new CommandFailed(`${path} exists already; a backup never overwrites a file.`, { cause });
  if (code !== undefined && UNWRITABLE.has(code))
    return new CommandFailed(`${path} cannot be written (${code}).`, { cause });
  return cause;
}

const UNWRITABLE = new Set(['ENOENT', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EISDIR', 'EDQUOT']);

async function writeLines(gzip: Gzip, lines: AsyncIterable<unknown>): Promise<number> {
  const hash = createHash('sha256');
  let count = 0;
  try {
    for await (const value of lines) {
      const line = `${JSON.stringify(value)}\n`;
      hash.update(line);
      count += 1;
      if (!gzip.write(line) && !gzip.destroyed) await once(gzip, 'drain');
    }
    const last = { lines: count, sha256: hash.digest('hex') } satisfies z.output<typeof closing>;
    gzip.end(`${JSON.stringify(last)}\n`);
  } catch (error) {
    // Ends the other half, which would wait for more.
    gzip.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
  return count;
}

/** Reads a backup from beginning to end, so that a damaged one is refused before anything is changed. */
export async function verifyBackup(path: string): Promise<BackupHeader> {
  const hash = createHash('sha256');
  let first: BackupHeader | undefined;
  let last: string | undefined;
  let count = 0;
  for await (const line of textLines(path)) {
    if (last !== undefined) {
      hash.update(`${last}\n`);
      count += 1;
    }
    first ??= parsed(path, header, line);
    last = line;
  }
  if (first === undefined || last === undefined) throw damaged(path);
  const { lines, sha256 } = parsed(path, closing, last);
  if (lines !== count || sha256 !== hash.digest('hex')) throw damaged(path);
  return first;
}

/** The tables and rows of a backup that {@link verifyBackup} has accepted. */
export async function* readBackup(path: string): AsyncGenerator<BackupLine> {
  let place = 0;
  for await (const line of textLines(path)) {
    place += 1;
    if (place === 1) continue;
    const value: unknown = JSON.parse(line);
    if (typeof value === 'string') yield { row: value };
    else if (typeof value === 'object' && value !== null && 'table' in value) yield { table: tableLine.parse(value) };
  }
}

async function* textLines(path: string): AsyncGenerator<string> {
  const source = createReadStream(path);
  const text = source.pipe(createGunzip());
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    text.destroy();
  };
  source.on('error', fail);
  text.on('error', fail);
  try {
    for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line !== '') yield line;
    }
  } catch (error) {
    failure ??= error;
  } finally {
    source.destroy();
  }
  if (failure !== undefined) throw unreadable(path, failure);
}

function parsed<Schema extends z.ZodType>(path: string, schema: Schema, line: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new CommandFailed(`${path} is not a whole Doorward backup; nothing was changed.`, { cause });
  }
}

const damaged = (path: string) =>
  new CommandFailed(`${path} is damaged: its content is not what was written; nothing was changed.`);

const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;

function unreadable(path: string, cause: unknown): CommandFailed {
  const code = codeOf(cause);
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
    return new CommandFailed(`${path} cannot be read (${code}).`, { cause });
  return new CommandFailed(`${path} is not a whole Doorward backup; nothing was changed.`, { cause });
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
