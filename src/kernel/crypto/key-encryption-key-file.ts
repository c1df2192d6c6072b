import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, link, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  formatKeyEncryptionKey,
  generateKeyEncryptionKey,
  type KeyEncryptionKey,
  KeyEncryptionKeyError,
  parseKeyEncryptionKey,
} from './key-encryption-key.ts';

const FILE_NAME = 'key-encryption-key';
const LARGEST_BYTES = 4096;
const COMMENT =
  "# Doorward's key-encryption key. Back it up apart from the database: without it, signing keys and stored secrets are lost.";

export type KeyEncryptionKeyFile = {
  readonly key: KeyEncryptionKey;
  readonly path: string;
  readonly created: boolean;
};

/**
 * Reads `<directory>/key-encryption-key`, or makes it. Processes that race end with one and the same key: the file
 * appears whole under its name or not at all. Throws {@link KeyEncryptionKeyError} with a sentence saying what to do.
 */
export async function readOrCreateKeyEncryptionKeyFile(directory: string): Promise<KeyEncryptionKeyFile> {
  const path = join(directory, FILE_NAME);
  const found = await readKeyEncryptionKeyFile(path);
  if (found) return { key: found, path, created: false };
  const created = await createKeyFile(directory, path);
  const key = await readKeyEncryptionKeyFile(path);
  if (!key) throw new KeyEncryptionKeyError(`The key file ${path} disappeared while it was being made; start again.`);
  return { key, path, created };
}

/** The key in the file, or undefined when there is no such file. Throws {@link KeyEncryptionKeyError}. */
export async function readKeyEncryptionKeyFile(path: string): Promise<KeyEncryptionKey | undefined> {
  const handle = await open(path, constants.O_RDONLY).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new KeyEncryptionKeyError(
      `The key file ${path} cannot be read (${codeOf(cause)}); check its owner and mode.`,
      {
        cause,
      },
    );
  });
  if (!handle) return undefined;
  try {
    await assertPrivate(handle, path);
    return parseKeyText(await readWhenWritten(handle), path);
  } finally {
    await handle.close();
  }
}

async function assertPrivate(handle: FileHandle, path: string): Promise<void> {
  const { mode, size } = await handle.stat();
  if ((mode & constants.S_IFMT) !== constants.S_IFREG || size > LARGEST_BYTES) {
    throw new KeyEncryptionKeyError(`${path} is not a key file; move it away or restore the key file from a backup.`);
  }
  // Windows has no mode bits; access control lists rule there.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    throw new KeyEncryptionKeyError(
      `The key file ${path} can be read by other users (mode ${octal}); run: chmod 600 '${path}'`,
    );
  }
}

// Only where the file system has no hard links can the file be seen before its content; its writer needs a moment then.
async function readWhenWritten(handle: FileHandle): Promise<string> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const buffer = Buffer.alloc(LARGEST_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    if (bytesRead > 0) return buffer.toString('utf8', 0, bytesRead);
    await pause(25);
  }
  return '';
}

function parseKeyText(text: string, path: string): KeyEncryptionKey {
  const [line, ...more] = keyLines(text);
  const advice = `The key file ${path} does not hold exactly one key; restore it from a backup.`;
  if (line === undefined || more.length > 0) throw new KeyEncryptionKeyError(advice);
  try {
    return parseKeyEncryptionKey(line);
  } catch (cause) {
    throw new KeyEncryptionKeyError(advice, { cause });
  }
}

function keyLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** True when this process made the file, false when another was faster. */
async function createKeyFile(directory: string, path: string): Promise<boolean> {
  const draft = join(directory, `.${FILE_NAME}.${randomUUID()}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    try {
      await writeDurably(draft, `${COMMENT}\n${formatKeyEncryptionKey(generateKeyEncryptionKey())}\n`);
      return await publish(draft, path);
    } finally {
      await rm(draft, { force: true });
      await syncDirectory(directory);
    }
  } catch (cause) {
    throw new KeyEncryptionKeyError(
      `No key file can be made in ${directory} (${codeOf(cause)}); make that directory writable, ` +
        'or give the key in DOORWARD_KEY_ENCRYPTION_KEY.',
      { cause },
    );
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

// link() fails when the name is taken, which rename() does not: the first of several racing processes wins.
async function publish(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(cause))) throw cause;
  }
  try {
    await copyFile(draft, path, constants.COPYFILE_EXCL);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw cause;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open a directory; its journal keeps the entry.
  if (process.platform === 'win32') return;
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

// Not `instanceof Error`: Node's own errors come from another realm where modules run in a vm context.
function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
}
