import { comparisonKey } from '../../kernel/text.ts';
import { type BreachedPasswords, NO_BREACHED_PASSWORDS } from './breached-passwords.ts';
import { commonPasswords } from './common-passwords.ts';

export type PasswordRuleCode =
  | 'credentials.password_not_text'
  | 'credentials.password_too_short'
  | 'credentials.password_too_long'
  | 'credentials.password_too_common'
  | 'credentials.password_breached'
  | 'credentials.password_is_user_name'
  | 'credentials.password_is_email'
  | 'credentials.password_holds_name';

export type PasswordRulesOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: PasswordRuleCode; readonly message: string };

/** Whose password it is to be. */
export type PasswordOwner = { readonly userName?: string; readonly emails?: readonly string[] };

// NIST SP 800-63B §5.1.1.2: at least 8 characters, at least 64 allowed, no rules about kinds of characters.
export const SHORTEST_PASSWORD = 8;
export const LONGEST_PASSWORD = 1024;

/** What is asked of a new password beyond what nobody may go below. */
export type PasswordRules = {
  readonly minimumLength: number;
  /** It holds no part of the user name, of an address, or of these; undefined where it may. */
  readonly refusedNames: readonly string[] | undefined;
  /** From breaches elsewhere: an operator's own list. */
  readonly breached: BreachedPasswords;
};

/** Whose new password it is to be: of somebody with an account, or of whoever gets one that this organization manages. */
export type PasswordRulesFor = (whom: {
  readonly userId?: string | undefined;
  readonly organizationId?: string | null | undefined;
}) => Promise<PasswordRules>;

export const LEAST_RULES: PasswordRules = {
  minimumLength: SHORTEST_PASSWORD,
  refusedNames: undefined,
  breached: NO_BREACHED_PASSWORDS,
};

/** The rules for a new password; a stored one is never held to them. Characters are Unicode code points after NFKC. */
export function checkPasswordRules(
  password: string,
  owner: PasswordOwner = {},
  { minimumLength, refusedNames, breached }: PasswordRules = LEAST_RULES,
): PasswordRulesOutcome {
  if (!password.isWellFormed() || password.includes('\u0000')) {
    return refuse('credentials.password_not_text', 'This password contains characters that cannot be stored.');
  }
  // A bound before the work: composing characters does not bring a real password to a quarter of its length.
  if (password.length > LONGEST_PASSWORD * 4) return tooLong();
  const length = [...password.normalize('NFKC')].length;
  if (length < minimumLength) {
    return refuse('credentials.password_too_short', `A password needs at least ${minimumLength} characters.`);
  }
  if (length > LONGEST_PASSWORD) return tooLong();
  const key = comparisonKey(password);
  if (owner.userName !== undefined && key === comparisonKey(owner.userName)) {
    return refuse('credentials.password_is_user_name', 'The password must not be the user name.');
  }
  if (owner.emails?.some((email) => isAddress(key, comparisonKey(email)))) {
    return refuse('credentials.password_is_email', 'The password must not be the e-mail address.');
  }
  if (refusedNames !== undefined && holdsName(key, owner, refusedNames)) {
    return refuse(
      'credentials.password_holds_name',
      'The password must not hold parts of the user name, the e-mail address or the organization’s name.',
    );
  }
  if (commonPasswords.has(key) || isMonotonous(key)) {
    return refuse(
      'credentials.password_too_common',
      'This password is one of the first that attackers try; choose another.',
    );
  }
  if (breached.has(password)) {
    return refuse(
      'credentials.password_breached',
      'This password is known from a breach elsewhere, so that attackers try it; choose another.',
    );
  }
  return { ok: true };
}

function refuse(code: PasswordRuleCode, message: string): PasswordRulesOutcome {
  return { ok: false, code, message };
}

function tooLong(): PasswordRulesOutcome {
  return refuse('credentials.password_too_long', `A password has at most ${LONGEST_PASSWORD} characters.`);
}

function isAddress(key: string, email: string): boolean {
  return key === email || key === email.slice(0, email.lastIndexOf('@'));
}

/** Shorter parts are in words that have nothing to do with the name. */
const SHORTEST_PART = 4;

function holdsName(key: string, { userName, emails = [] }: PasswordOwner, names: readonly string[]): boolean {
  const held = [userName ?? '', ...emails, ...names].map(comparisonKey);
  const parts = held.flatMap((name) => [name, ...name.split(/[^\p{L}\p{N}]+/u)]);
  return parts.some((part) => [...part].length >= SHORTEST_PART && key.includes(part));
}

const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '0123456789',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
];
const RUNS = ROWS.flatMap((row) => [row, [...row].reverse().join('')]).map((row) => row.repeat(2));

// One character, one pair or one triple over and over, or a walk along the alphabet, the digits or a keyboard row.
function isMonotonous(key: string): boolean {
  return /^(.{1,3})\1+.?.?$/su.test(key) || RUNS.some((run) => key.length <= run.length && run.includes(key));
}
