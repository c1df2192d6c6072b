import type { PasswordProblem } from '../../../views/password-fields.tsx';
import { checkPasswordRules } from '../../domain/credentials/password-rules.ts';
import type { User } from '../../domain/users/user.ts';
import type { Form } from './parts.ts';

/** What is wrong with the new password of a form, if anything. A form without the second field is not asked to repeat it. */
export function newPasswordProblem(form: Form, user: User): PasswordProblem | undefined {
  const { 'new-password': next = '', 'new-password-again': again } = form;
  if (next === '') return 'new_missing';
  const emails = user.emails.map((email) => email.value);
  const rules = checkPasswordRules(next, { userName: user.userName, emails });
  if (!rules.ok) return rules.code;
  return again !== undefined && again !== next ? 'not_repeated' : undefined;
}
