import type { PasswordProblem } from '../../../views/password-fields.tsx';
import { checkPasswordRules, LEAST_RULES, type PasswordRules } from '../../domain/credentials/password-rules.ts';
import type { User } from '../../domain/users/user.ts';
import type { AccountParts, Form } from './parts.ts';

/** What the policies ask of this person's new password. */
export const passwordRulesOf = async ({ authentication }: AccountParts, user: User): Promise<PasswordRules> =>
  (await authentication.passwordRulesFor?.({ userId: user.id })) ?? LEAST_RULES;

/** What is wrong with the new password of a form, if anything. A form without the second field is not asked to repeat it. */
export async function newPasswordProblem(
  parts: AccountParts,
  form: Form,
  user: User,
): Promise<PasswordProblem | undefined> {
  const { 'new-password': next = '', 'new-password-again': again } = form;
  if (next === '') return 'new_missing';
  const emails = user.emails.map((email) => email.value);
  const rules = await passwordRulesOf(parts, user);
  const outcome = checkPasswordRules(next, { userName: user.userName, emails }, rules);
  if (!outcome.ok) return outcome.code;
  return again !== undefined && again !== next ? 'not_repeated' : undefined;
}
