import bcrypt from 'bcrypt';
import { invalid } from '../../kernel/errors.ts';
import type { Place } from './fair-line.ts';
import { type ForeignHash, LONGEST_FOREIGN_PASSWORD_BYTES } from './foreign-hashes/foreign-hash.ts';
import {
  type BcryptInput,
  bcryptInput,
  bcryptInputFor,
  excessOf,
  formatStoredHash,
  isReasonableCost,
  parseStoredHash,
  type StoredHash,
} from './password-hash-format.ts';

/*
 * Stored form: `dw1:<scheme>:<bcrypt string>`.
 *   dw1:bcrypt:$2b$12$…              the password in NFKC, at most 72 bytes of UTF-8, without NUL
 *   dw1:bcrypt-hmac-sha384:$2b$12$…  any other: bcrypt over base64(HMAC-SHA-384(password in NFKC)), 64 characters
 * Hashes of other systems are stored as they came and replaced at the first sign-in (`needsUpgrade`).
 * NIST SP 800-63B §5.1.1.2: passwords are normalised (NFKC) before hashing, so that one password typed on two keyboards
 * is one password; hashes of other systems are tried with what was typed, because those normalised nothing.
 */

/** The bcrypt functions used: the `bcrypt` package, on libuv's threads. */
export type BcryptEngine = {
  readonly hash: (input: Buffer, cost: number) => Promise<string>;
  readonly compare: (input: Buffer, encrypted: string) => Promise<boolean>;
};

export type PasswordVerdict = {
  readonly matches: boolean;
  /** The password matched a hash of another algorithm or another cost: hash it anew and store that. */
  readonly needsUpgrade: boolean;
};

export type PasswordHashing = {
  /** Throws `invalid` for text that has no UTF-8 form (a lone surrogate); rules for passwords are `checkPasswordRules`. */
  readonly hashPassword: (password: string) => Promise<string>;
  /**
   * `stored` undefined (unknown person, or one without a password) does the work of a wrong password, and so does a
   * text that is no hash. A refusal costs what the configured cost costs; only a stored hash that is costlier takes longer.
   */
  readonly verifyPassword: (stored: string | undefined, password: string, place?: Place) => Promise<PasswordVerdict>;
  /** The work of a wrong password, for callers that know there is nothing to compare with. */
  readonly verifyAbsent: (password: string) => Promise<void>;
};

export type PasswordHashingOptions = {
  /** bcrypt's work factor, 4 to 16: each step doubles the time. */
  readonly cost?: number;
  /** The hashing queue's `run`; by default nothing is queued. */
  readonly run?: <Result>(work: () => Promise<Result>, place?: Place) => Promise<Result>;
  readonly engine?: BcryptEngine;
};

export const DEFAULT_BCRYPT_COST = 12;
const REFUSED: PasswordVerdict = { matches: false, needsUpgrade: false };

export function createPasswordHashing(options: PasswordHashingOptions = {}): PasswordHashing {
  const { cost = DEFAULT_BCRYPT_COST, run = (work) => work(), engine = bcrypt } = options;
  if (!isReasonableCost(cost)) throw invalid('credentials.bcrypt_cost', { detail: 'The bcrypt cost must be 4 to 16.' });
  return {
    hashPassword: (password) => hash(password, cost, run, engine),
    verifyPassword: (stored, password, place) => run(() => verify(parsed(stored), password, cost, engine), place),
    verifyAbsent: (password) => run(() => spend(password, cost, engine)),
  };
}

async function hash(
  password: string,
  cost: number,
  run: NonNullable<PasswordHashingOptions['run']>,
  engine: BcryptEngine,
): Promise<string> {
  if (!password.isWellFormed()) {
    throw invalid('credentials.password_not_text', { detail: 'The password is not valid Unicode text.' });
  }
  const input = bcryptInputFor(password);
  return formatStoredHash(input, await run(() => engine.hash(bcryptInput(input, password), cost)));
}

function parsed(stored: string | undefined): StoredHash | undefined {
  const hash = stored === undefined ? undefined : parseStoredHash(stored);
  return hash && excessOf(hash) === undefined ? hash : undefined;
}

async function verify(
  stored: StoredHash | undefined,
  password: string,
  cost: number,
  engine: BcryptEngine,
): Promise<PasswordVerdict> {
  // A lone surrogate would become U+FFFD and so match another password.
  if (!stored || !password.isWellFormed()) {
    await spend(password, cost, engine);
    return REFUSED;
  }
  return stored.kind === 'foreign'
    ? verifyForeign(stored.hash, password, cost, engine)
    : verifyBcrypt(stored, password, cost, engine);
}

async function verifyBcrypt(
  stored: Extract<StoredHash, { kind: 'bcrypt' }>,
  password: string,
  cost: number,
  engine: BcryptEngine,
): Promise<PasswordVerdict> {
  const matches = await compare(stored.input, stored.bcrypt, password, engine);
  if (matches) return { matches, needsUpgrade: stored.input === 'raw' || stored.cost !== cost };
  // 2^c + (2^c + 2^(c+1) + … + 2^(cost-1)) = 2^cost: a cheaper stored hash is made up for exactly.
  for (let step = stored.cost; step < cost; step += 1) await spend(password, step, engine);
  return REFUSED;
}

async function compare(
  input: BcryptInput,
  encrypted: string,
  password: string,
  engine: BcryptEngine,
): Promise<boolean> {
  const matches = await engine.compare(bcryptInput(input, password), encrypted);
  // A password that would be pre-hashed today is not the one behind a plain hash, even where bcrypt sees no difference.
  return matches && (input !== 'plain' || bcryptInputFor(password) === 'plain');
}

// Beside each other: a refusal then takes as long as bcrypt does wherever the foreign algorithm is the cheaper one.
async function verifyForeign(
  foreign: ForeignHash,
  password: string,
  cost: number,
  engine: BcryptEngine,
): Promise<PasswordVerdict> {
  const bytes = Buffer.from(password, 'utf8');
  const answer = bytes.length > LONGEST_FOREIGN_PASSWORD_BYTES ? Promise.resolve(false) : foreign.verify(bytes);
  const [matches] = await Promise.all([answer, spend(password, cost, engine)]);
  return matches ? { matches, needsUpgrade: true } : REFUSED;
}

// A comparison with a hash that no password has: bcrypt does not look at the digest before it has done its work.
async function spend(password: string, cost: number, engine: BcryptEngine): Promise<void> {
  const nobody = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
  await engine.compare(bcryptInput(bcryptInputFor(password), password), nobody);
}
