import type { PasswordHashing } from '../domain/credentials/password-hash.ts';
import { checkPasswordRules } from '../domain/credentials/password-rules.ts';
import { CommandFailed, type Invocation } from './command.ts';

/** A secret from standard input, without the newline that ends it: it never stands in a command line. */
export async function readPassword({ terminal }: Pick<Invocation, 'terminal'>): Promise<string> {
  const text = (await terminal.readInput()).replace(/\r?\n$/, '');
  if (text === '') throw new CommandFailed('Standard input holds no password.');
  if (/[\r\n]/.test(text)) throw new CommandFailed('Standard input holds more than one line; a password is one line.');
  return text;
}

type Owner = { readonly userName: string; readonly emails?: readonly { readonly value: string }[] };

/** The hash to be stored. Throws CommandFailed with the rule the password breaks. */
export async function preparePassword(password: string, owner: Owner, hashing: PasswordHashing): Promise<string> {
  const { userName, emails = [] } = owner;
  const outcome = checkPasswordRules(password, { userName, emails: emails.map(({ value }) => value) });
  if (!outcome.ok) throw new CommandFailed(outcome.message);
  return hashing.hashPassword(password);
}
