import { z } from 'zod';
import { invalid } from '../../kernel/errors.ts';
import { inspectPasswordHash } from './password-hash-format.ts';
import { checkPasswordRules, type PasswordOwner, type PasswordRulesFor } from './password-rules.ts';

/** How a password is given from outside: itself, or the hash another system kept of it. */
export const passwordFields = {
  password: z.exactOptional(z.string().max(8192)).describe('Held to the password rules; kept as a hash alone.'),
  passwordHash: z
    .exactOptional(z.string().max(1024))
    .describe(
      'A hash of another system: bcrypt, argon2, scrypt, PBKDF2, SSHA, SHA-crypt. Upgraded at the next sign-in.',
    ),
};

export type PasswordInput = { readonly password?: string; readonly passwordHash?: string };

export type StoredPasswordParts = {
  /** Behind the hashing queue. */
  readonly hashPassword: (password: string) => Promise<string>;
  /** What the policies ask of it; without, what nobody may go below. */
  readonly passwordRulesFor?: PasswordRulesFor | undefined;
};

/** `organizationId`: which is to manage the account of somebody who has none yet. */
type Owner = PasswordOwner & Parameters<PasswordRulesFor>[0];

/**
 * What is to be stored for it, or undefined when neither is given. Called before the transaction: hashing takes long.
 * Throws `invalid` with a pointer, and what the hashing queue throws.
 */
export async function prepareStoredPassword(
  { password, passwordHash }: PasswordInput,
  owner: Owner,
  { hashPassword, passwordRulesFor }: StoredPasswordParts,
): Promise<string | undefined> {
  if (password !== undefined && passwordHash !== undefined) {
    throw refusedAt('/passwordHash', 'credentials.password_twice', 'expected password or passwordHash, not both');
  }
  if (passwordHash !== undefined) {
    const inspection = inspectPasswordHash(passwordHash);
    if (!inspection.acceptable) throw refusedAt('/passwordHash', inspection.code, inspection.detail);
    return passwordHash;
  }
  if (password === undefined) return undefined;
  const outcome = checkPasswordRules(password, owner, await passwordRulesFor?.(owner));
  if (!outcome.ok) throw refusedAt('/password', outcome.code, outcome.message);
  return hashPassword(password);
}

const refusedAt = (pointer: string, code: string, detail: string) =>
  invalid(code, { detail, faults: [{ pointer, code, detail }] });
