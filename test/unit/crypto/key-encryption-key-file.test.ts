import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transformFile } from '@swc/core';
import { generateKeyEncryptionKey, KeyEncryptionKeyError } from '../../../src/kernel/crypto/key-encryption-key.ts';
import { readOrCreateKeyEncryptionKeyFile } from '../../../src/kernel/crypto/key-encryption-key-file.ts';

const run = promisify(execFile);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'doorward-key-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const place = (text: string, mode = 0o600) =>
  writeFile(join(directory, 'key-encryption-key'), text, { mode }).then(() =>
    chmod(join(directory, 'key-encryption-key'), mode),
  );

describe('the key file', () => {
  it('is made once, mode 0600, with nothing left beside it, and read afterwards', async () => {
    const nested = join(directory, 'keys');

    const made = await readOrCreateKeyEncryptionKeyFile(nested);
    const read = await readOrCreateKeyEncryptionKeyFile(nested);

    expect(made.created).toBe(true);
    expect(read).toEqual({ key: made.key, path: made.path, created: false });
    expect((await stat(made.path)).mode & 0o777).toBe(0o600);
    expect(await readdir(nested)).toEqual(['key-encryption-key']);
    expect(await readFile(made.path, 'utf8')).toMatch(/^#[^\n]*\n[A-Za-z0-9_-]{43}\n$/);
  });

  it('creators that race end with one key', async () => {
    const results = await Promise.all(Array.from({ length: 40 }, () => readOrCreateKeyEncryptionKeyFile(directory)));

    expect(new Set(results.map(({ key }) => key.toString('hex'))).size).toBe(1);
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(await readdir(directory)).toEqual(['key-encryption-key']);
  });

  it('processes that race end with one key', async () => {
    const work = join(directory, 'work');
    const keys = join(directory, 'keys');
    await mkdir(work);
    for (const name of ['key-encryption-key', 'key-encryption-key-file']) {
      const source = fileURLToPath(new URL(`../../../src/kernel/crypto/${name}.ts`, import.meta.url));
      const { code } = await transformFile(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } });
      await writeFile(join(work, `${name}.mjs`), code.replace(/\.ts(?=['"])/g, '.mjs'));
    }
    const program = `
      const { readOrCreateKeyEncryptionKeyFile } = await import(process.argv[1]);
      console.log((await readOrCreateKeyEncryptionKeyFile(process.argv[2])).key.toString('hex'));`;
    const module = pathToFileURL(join(work, 'key-encryption-key-file.mjs')).href;

    const printed = await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '-e', program, module, keys])),
    );

    expect(new Set(printed.map(({ stdout }) => stdout)).size).toBe(1);
    expect(printed[0]?.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect(await readdir(keys)).toEqual(['key-encryption-key']);
  });

  it.each([0o640, 0o604, 0o660, 0o644, 0o610])(
    'mode %o, open to others, is refused with the command that mends it',
    async (mode) => {
      await place(`${generateKeyEncryptionKey().toString('base64url')}\n`, mode);

      const refused = readOrCreateKeyEncryptionKeyFile(directory);

      await expect(refused).rejects.toThrow(KeyEncryptionKeyError);
      await expect(refused).rejects.toThrow(
        /^The key file .* can be read by other users \(mode 0\d{3}\); run: chmod 600 '.*'$/,
      );
    },
  );

  it('a key written by hand, without a comment or a line end, is read', async () => {
    const key = generateKeyEncryptionKey();
    await place(key.toString('hex'));

    expect((await readOrCreateKeyEncryptionKeyFile(directory)).key).toEqual(key);
  });

  it.each([
    ['no key', '# only a comment\n'],
    ['two keys', `${generateKeyEncryptionKey().toString('hex')}\n${generateKeyEncryptionKey().toString('hex')}\n`],
    ['half a key', `${generateKeyEncryptionKey().toString('hex').slice(0, 32)}\n`],
    ['something large', 'x'.repeat(5000)],
  ])('%s is refused and the file is left as it is', async (_, text) => {
    await place(text);

    await expect(readOrCreateKeyEncryptionKeyFile(directory)).rejects.toThrow(KeyEncryptionKeyError);

    expect(await readFile(join(directory, 'key-encryption-key'), 'utf8')).toBe(text);
  });

  it('a place where no file can be made is named together with the way out', async () => {
    await writeFile(join(directory, 'taken'), '');

    const refused = readOrCreateKeyEncryptionKeyFile(join(directory, 'taken', 'keys'));

    await expect(refused).rejects.toThrow(/taken.* DOORWARD_KEY_ENCRYPTION_KEY|key file .*taken.*owner and mode/);
  });
});
