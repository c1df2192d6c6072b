import { systemClock } from '../../kernel/clock.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { checkPasswordRules, type PasswordRuleCode, type PasswordRules } from '../credentials/password-rules.ts';
import { passwordRulesOf } from '../policy/password-limits.ts';
import type { DeclaredUser } from './declaration-schema.ts';
import { DeclarationRefused } from './declaration-text.ts';
import type { DeclarationFile } from './read-declaration-file.ts';

const ABOUT_NAMES = new Set<PasswordRuleCode>([
  'credentials.password_is_user_name',
  'credentials.password_is_email',
  'credentials.password_holds_name',
]);

/** Lists of common or breached passwords are not for an operator's file (DESIGN §8). */
const isAsked = (code: PasswordRuleCode, { refusedNames }: PasswordRules): boolean =>
  code === 'credentials.password_too_short' || (refusedNames !== undefined && ABOUT_NAMES.has(code));

/** Whom the file makes has a password as the policies in force ask for. Throws {@link DeclarationRefused} with every fault. */
export async function assertPasswordRules(
  read: Reader,
  { path, declaration, place }: DeclarationFile,
  created: readonly DeclaredUser[],
): Promise<void> {
  const withPassword = new Set(created.filter(({ password }) => password !== undefined));
  if (withPassword.size === 0) return;
  const rules = await passwordRulesOf(read, systemClock)({});
  const faults = declaration.users.flatMap((entry, at) => {
    if (entry.password === undefined || !withPassword.has(entry)) return [];
    const { userName, emails = [] } = entry.input;
    const outcome = checkPasswordRules(entry.password, { userName, emails: emails.map(({ value }) => value) }, rules);
    if (outcome.ok || !isAsked(outcome.code, rules)) return [];
    return [{ pointer: `/users/${at}/password`, code: outcome.code, detail: outcome.message }];
  });
  if (faults.length > 0) throw new DeclarationRefused(path, faults.map(place));
}
