import { openBreachedPasswords } from '../domain/credentials/breached-passwords.ts';
import { checkPasswordRules } from '../domain/credentials/password-rules.ts';
import { passwordRulesOf } from '../domain/policy/password-limits.ts';
import { systemClock } from '../kernel/clock.ts';
import { CommandFailed, type Invocation } from './command.ts';
import type { Installation } from './open-installation.ts';

/** A secret from standard input, without the newline that ends it: it never stands in a command line. */
export async function readPassword({ terminal }: Pick<Invocation, 'terminal'>): Promise<string> {
  const text = (await terminal.readInput()).replace(/\r?\n$/, '');
  if (text === '') throw new CommandFailed('Standard input holds no password.');
  if (/[\r\n]/.test(text)) throw new CommandFailed('Standard input holds more than one line; a password is one line.');
  return text;
}

type Owner = {
  /** Of somebody who has an account. */
  readonly id?: string;
  readonly userName: string;
  readonly emails?: readonly { readonly value: string }[];
};

/** The hash to be stored. Throws CommandFailed with the rule the password breaks, a policy's included. */
export async function preparePassword(
  password: string,
  { id, userName, emails = [] }: Owner,
  { read, hashing, configuration }: Pick<Installation, 'read' | 'hashing' | 'configuration'>,
): Promise<string> {
  const breached = openBreachedPasswords(configuration.breachedPasswordsFile);
  const rules = await passwordRulesOf(read, systemClock, breached)({ userId: id });
  const outcome = checkPasswordRules(password, { userName, emails: emails.map(({ value }) => value) }, rules);
  if (!outcome.ok) throw new CommandFailed(outcome.message);
  return hashing.hashPassword(password);
}
