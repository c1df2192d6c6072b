import { Field, Notice } from './form.tsx';
import { fill } from './phrase.tsx';

const text = {
  current: 'Current password',
  next: 'New password',
  again: 'New password, once more',
  hint: 'At least {length} characters. A few words that only you would put together are good.',
  title: 'The password was not changed',
  problem: {
    current_missing: 'Enter your current password.',
    current_wrong: 'The current password is not right.',
    new_missing: 'Enter a new password.',
    'credentials.password_not_text': 'The new password holds characters that cannot be stored.',
    'credentials.password_too_short': 'The new password is too short: use at least {length} characters.',
    'credentials.password_too_long': 'The new password is too long.',
    'credentials.password_too_common': 'This password is one of the first that an attacker tries. Choose another.',
    'credentials.password_is_user_name': 'The new password must not be your user name.',
    'credentials.password_is_email': 'The new password must not be your e-mail address.',
    same_as_current: 'The new password is the same as the current one.',
    not_repeated: 'The two new passwords are not the same.',
    form_expired: 'This page had been open too long. Please enter the passwords again.',
    throttled: 'Too many attempts. Wait a moment and try again.',
  },
};

/** Why a password was not taken: the codes of the password rules as they are, and what only a form can find. */
export type PasswordProblem = keyof typeof text.problem;

type FieldErrors = {
  readonly current?: string;
  readonly next?: string;
  readonly again?: string;
  readonly page?: string;
};

function messageFor(problem: PasswordProblem, minimumLength: number): string {
  return fill(text.problem[problem], { length: minimumLength });
}

function errorsOf(problem: PasswordProblem | undefined, minimumLength: number): FieldErrors {
  if (!problem) return {};
  const message = messageFor(problem, minimumLength);
  if (problem === 'current_missing' || problem === 'current_wrong') return { current: message };
  if (problem === 'not_repeated') return { again: message };
  if (problem === 'form_expired' || problem === 'throttled') return { page: message };
  return { next: message };
}

type PasswordProblemNoticeProps = {
  readonly problem: PasswordProblem | undefined;
  readonly minimumLength: number;
};

/** The problem as an alert that leads to its field. */
export function PasswordProblemNotice({ problem, minimumLength }: PasswordProblemNoticeProps) {
  if (!problem) return null;
  const { current, again, page } = errorsOf(problem, minimumLength);
  const field = current ? 'current-password' : again ? 'new-password-again' : 'new-password';
  const message = messageFor(problem, minimumLength);
  return (
    <Notice tone="error" title={text.title}>
      <p>{page ? message : <a href={`#${field}`}>{message}</a>}</p>
    </Notice>
  );
}

type PasswordFieldsProps = {
  readonly userName: string;
  readonly asksCurrent: boolean;
  readonly problem: PasswordProblem | undefined;
  readonly minimumLength: number;
  readonly takesFocus: boolean;
};

/** `current-password` (when asked), `new-password`, `new-password-again`; the user name is there for password managers. */
export function PasswordFields({ userName, asksCurrent, problem, minimumLength, takesFocus }: PasswordFieldsProps) {
  const errors = errorsOf(problem, minimumLength);
  const focus = errors.again ? 'again' : errors.next || !asksCurrent ? 'next' : 'current';
  return (
    <>
      <input type="text" value={userName} autocomplete="username" readonly hidden />
      {asksCurrent && (
        <Field
          name="current-password"
          type="password"
          label={text.current}
          autoComplete="current-password"
          error={errors.current}
          autoFocus={takesFocus && focus === 'current'}
        />
      )}
      <Field
        name="new-password"
        type="password"
        label={text.next}
        hint={fill(text.hint, { length: minimumLength })}
        autoComplete="new-password"
        error={errors.next}
        autoFocus={takesFocus && focus === 'next'}
      />
      <Field
        name="new-password-again"
        type="password"
        label={text.again}
        autoComplete="new-password"
        error={errors.again}
        autoFocus={takesFocus && focus === 'again'}
      />
    </>
  );
}
