import { describe, expect, it } from '@jest/globals';
import bcrypt from 'bcrypt';
import { createHashingQueue } from '../../../src/domain/credentials/hashing-queue.ts';
import { type BcryptEngine, createPasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import { parseStoredHash } from '../../../src/domain/credentials/password-hash-format.ts';
import { DomainError } from '../../../src/kernel/errors.ts';

const cost = 6;
const { hashPassword, verifyPassword, verifyAbsent } = createPasswordHashing({ cost });

/** bcrypt itself, with a note of the cost of every call: work is compared, not time. */
function countingEngine() {
  const costs: number[] = [];
  const engine: BcryptEngine = {
    hash: (input, rounds) => {
      costs.push(rounds);
      return bcrypt.hash(input, rounds);
    },
    compare: (input, encrypted) => {
      costs.push(bcrypt.getRounds(encrypted));
      return bcrypt.compare(input, encrypted);
    },
  };
  return { engine, work: () => costs.splice(0).reduce((sum, rounds) => sum + 2 ** rounds, 0) };
}

describe('password hashes', () => {
  it('the stored form names its version and scheme, and the default cost is 12', async () => {
    const stored = await createPasswordHashing().hashPassword('seven otters');

    expect(stored).toMatch(/^dw1:bcrypt:\$2b\$12\$/);
    expect(await createPasswordHashing().verifyPassword(stored, 'seven otters')).toEqual({
      matches: true,
      needsUpgrade: false,
    });
  });

  it.each([
    ['short', 'x'],
    ['empty', ''],
    ['72 bytes', 'a'.repeat(72)],
    ['73 bytes', 'a'.repeat(73)],
    ['72 characters of two bytes', 'ä'.repeat(72)],
    ['1024 characters', '∀'.repeat(1024)],
    ['NUL inside', 'before\u0000after'],
    ['emoji and right-to-left text', '👩‍👩‍👧 שלום مرحبا'],
  ])('a password is verified by itself and refused with one more character: %s', async (_, password) => {
    const stored = await hashPassword(password);

    expect(await verifyPassword(stored, password)).toEqual({ matches: true, needsUpgrade: false });
    expect(await verifyPassword(stored, `${password}x`)).toEqual({ matches: false, needsUpgrade: false });
  });

  it('SECURITY-LESSONS 40: two 80-byte passwords with one 72-byte prefix are two passwords', async () => {
    const prefix = 'p'.repeat(72);

    const stored = await hashPassword(`${prefix}12345678`);

    expect(stored).toMatch(/^dw1:bcrypt-hmac-sha384:/);
    expect((await verifyPassword(stored, `${prefix}12345678`)).matches).toBe(true);
    expect((await verifyPassword(stored, `${prefix}87654321`)).matches).toBe(false);
    expect((await verifyPassword(stored, prefix)).matches).toBe(false);
    expect((await verifyPassword(await hashPassword(prefix), `${prefix}12345678`)).matches).toBe(false);
  });

  it('what follows a NUL counts', async () => {
    const stored = await hashPassword('same\u0000one');

    expect((await verifyPassword(stored, 'same\u0000two')).matches).toBe(false);
    expect((await verifyPassword(stored, 'same')).matches).toBe(false);
    expect((await verifyPassword(await hashPassword('same'), 'same\u0000one')).matches).toBe(false);
  });

  it('the digest of a long password is not itself the password', async () => {
    const stored = await hashPassword('l'.repeat(100));
    const input = parseStoredHash(stored);

    expect(input).toMatchObject({ kind: 'bcrypt', input: 'hmac-sha384' });
    expect((await verifyPassword(stored.replace('bcrypt-hmac-sha384', 'bcrypt'), 'l'.repeat(100))).matches).toBe(false);
  });

  it('NIST SP 800-63B §5.1.1.2: composed, decomposed and full-width spellings are one password', async () => {
    const stored = await hashPassword('caf\u00e9 Ａ１');

    expect((await verifyPassword(stored, 'cafe\u0301 A1')).matches).toBe(true);
    expect((await verifyPassword(stored, 'cafe A1')).matches).toBe(false);
  });

  it('a lone surrogate, which has no UTF-8 form, is refused and matches nothing', async () => {
    const stored = await hashPassword('secret\ufffd');

    await expect(hashPassword('secret\ud800')).rejects.toThrow(DomainError);
    expect((await verifyPassword(stored, 'secret\ud800')).matches).toBe(false);
  });

  it('another cost than the configured one asks for a new hash, only after a match', async () => {
    const stored = await createPasswordHashing({ cost: 5 }).hashPassword('seven otters');

    expect(await verifyPassword(stored, 'seven otters')).toEqual({ matches: true, needsUpgrade: true });
    expect(await verifyPassword(stored, 'eight otters')).toEqual({ matches: false, needsUpgrade: false });
  });

  it.each([3, 17, 10.5, Number.NaN])('a configured cost of %p is refused', (wrong) => {
    expect(() => createPasswordHashing({ cost: wrong })).toThrow(DomainError);
  });

  it('every operation waits in the queue it was given', async () => {
    const queue = createHashingQueue({ concurrency: 1, capacity: 2 });
    const queued = createPasswordHashing({ cost: 4, run: queue.run });

    const settled = await Promise.allSettled([
      queued.hashPassword('a'),
      queued.verifyPassword(undefined, 'a'),
      queued.verifyAbsent('a'),
      queued.verifyAbsent('a'),
    ]);

    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  });
});

describe('SECURITY-LESSONS 21: a refusal costs the same whatever the reason', () => {
  const long = 'q'.repeat(90);
  it.each([
    ['unknown person', () => undefined],
    ['damaged hash', () => 'not a hash'],
    ['cost bomb', () => `$2b$31$${'.'.repeat(53)}`],
    ['wrong password', () => hashPassword('other')],
    ['wrong password, long one stored', () => hashPassword('o'.repeat(90))],
    ['hash of a lower cost', () => createPasswordHashing({ cost: 4 }).hashPassword('other')],
    ['imported bcrypt of a lower cost', () => '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['imported {SSHA}', () => '{SSHA}TUJSOZXEpsO0ugaXv1z4WCS+DMwAAQIDBAUGBw=='],
    ['imported PBKDF2', () => 'pbkdf2_sha256$1000$seasalt$mQnueSakb748zqBAC1tmWVZsZbi2zPGZarEzTGdfmso='],
    ['imported MD5-crypt', () => '$1$abcdefgh$G//4keteveJp0qb8z2DxG/'],
  ])('%s', async (_, stored) => {
    const { engine, work } = countingEngine();
    const hashing = createPasswordHashing({ cost, engine });
    const hash = await stored();

    for (const password of ['wrong', long, 'w\ud800', 'w\u0000', 'x'.repeat(5000)]) {
      const verdict = await hashing.verifyPassword(hash, password);

      expect({ verdict, work: work() }).toEqual({ verdict: { matches: false, needsUpgrade: false }, work: 2 ** cost });
    }
  });

  it('verifyAbsent does what verifyPassword does, and what hashing costs', async () => {
    const { engine, work } = countingEngine();
    const hashing = createPasswordHashing({ cost, engine });

    await hashing.verifyAbsent('whatever');
    const absent = work();
    await hashing.hashPassword('whatever');

    expect(absent).toBe(2 ** cost);
    expect(work()).toBe(absent);
  });

  it('verifyAbsent gives nothing away', async () => {
    expect(await verifyAbsent('whatever')).toBeUndefined();
  });
});
