import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BREACHED_PASSWORDS_HEADER,
  breachedRecord,
  openBreachedPasswords,
} from '../../../src/domain/credentials/breached-passwords.ts';
import { compileBreachedPasswords } from '../../../src/domain/credentials/compile-breached-passwords.ts';
import { checkPasswordRules, LEAST_RULES } from '../../../src/domain/credentials/password-rules.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'breached-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function* inChunks(lines: readonly string[], size = 100) {
  for (let at = 0; at < lines.length; at += size) yield lines.slice(at, at + size);
}

async function compiled(lines: readonly string[], atLeast = 1): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of compileBreachedPasswords(inChunks(lines), { atLeast })) parts.push(part);
  return Buffer.concat(parts);
}

async function opened(content: Buffer) {
  const path = join(folder, randomBytes(6).toString('hex'));
  await writeFile(path, content);
  return openBreachedPasswords(path);
}

const sha1 = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase();
const many = (count: number) => Array.from({ length: count }, (_, at) => `known password ${at}`);

describe('the list of breached passwords', () => {
  it.each([0, 1, 2, 511, 512, 513, 30_000])('of %d passwords holds each of them and no other', async (count) => {
    const passwords = many(count);
    const list = await opened(await compiled(passwords));

    expect(list.size).toBe(count);
    expect(passwords.filter((password) => !list.has(password))).toEqual([]);
    expect(Array.from({ length: 2000 }, (_, at) => `other password ${at}`).filter(list.has)).toEqual([]);
  });

  it('finds what is there in a list whose hashes do not lie evenly', async () => {
    const records = many(20_000).map((password) => breachedRecord(password));
    // All but the outermost begin alike.
    for (const record of records.slice(2)) record.fill(0x7f, 0, 5);
    const sorted = [...records, breachedRecord('the one')].sort(Buffer.compare);
    const list = await opened(Buffer.concat([BREACHED_PASSWORDS_HEADER, ...sorted]));

    expect(list.has('the one')).toBe(true);
    expect([list.has('known password 0'), list.has('known password 1'), list.has('another')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is the same from passwords, from hashes and from hashes with counts, each once', async () => {
    const passwords = many(300);
    const hashes = passwords.map(sha1).sort();

    const fromPasswords = await compiled([...passwords, '', ...passwords]);
    expect(await compiled(hashes)).toEqual(fromPasswords);
    expect(await compiled(hashes.map((hash, at) => `${hash.toLowerCase()}:${at + 1}`))).toEqual(fromPasswords);
  });

  it('leaves out what was counted less often', async () => {
    const hashes = ['rare one', 'frequent one'].map((password) => `${sha1(password)}:${password.length}`).sort();
    const list = await opened(await compiled(hashes, 10));

    expect([list.has('rare one'), list.has('frequent one')]).toEqual([false, true]);
  });

  it.each([
    ['hashes out of order', [sha1('a'), sha1('b')].sort().reverse(), /^line 2: expected hashes in ascending order/],
    ['a password among hashes', [sha1('a'), 'b'], /^line 2: expected SHA1:COUNT/],
    ['a hash among passwords', ['b', sha1('a')], /^line 2: expected a password/],
  ])('refuses %s, by its line', async (_, lines, message) => {
    await expect(compiled(lines)).rejects.toThrow(message);
  });

  it.each([
    ['of passwords as they are', Buffer.from('password\nletmein\n')],
    ['that ends in the middle', Buffer.concat([BREACHED_PASSWORDS_HEADER, Buffer.alloc(12)])],
    ['that is empty', Buffer.alloc(0)],
  ])('a file %s is refused by the name of the setting', async (_, content) => {
    await expect(opened(content)).rejects.toThrow(/DOORWARD_BREACHED_PASSWORDS .*breached-passwords compile/);
  });

  it('NIST SP 800-63B §5.1.1.2: a password in it is refused, in capitals and full width too', async () => {
    const breached = await opened(await compiled(['orange lighthouse 7']));
    const rules = { ...LEAST_RULES, breached };
    const outcomes = ['orange lighthouse 7', 'ORANGE Lighthouse 7', 'ｏrange lighthouse 7', 'orange lighthouse 8'].map(
      (password) => checkPasswordRules(password, {}, rules),
    );

    expect(outcomes.map((outcome) => outcome.ok || outcome.code)).toEqual([
      ...Array.from({ length: 3 }, () => 'credentials.password_breached'),
      true,
    ]);
  });
});
