import { Field, Notice } from './form.tsx';

const text = {
  current: 'Current password',
  next: 'New password',
  again: 'New password, once more',
  hint: 'At least 8 characters. A few words that only you would put together are good.',
  title: 'The password was not changed',
  problem: {
    current_missing: 'Enter your current password.',
    current_wrong: 'The current password is not right.',
    new_missing: 'Enter a new password.',
    too_short: 'The new password is too short: use at least 8 characters.',
    too_long: 'The new password is too long.',
    too_common: 'This password is one of the first that an attacker tries. Choose another.',
    same_as_name: 'The new password must not be your user name or e-mail address.',
    same_as_current: 'The new password is the same as the current one.',
    not_repeated: 'The two new passwords are not the same.',
    form_expired: 'This page had been open too long. Please enter the passwords again.',
    throttled: 'Too many attempts. Wait a moment and try again.',
  },
};

export type PasswordProblem = keyof typeof text.problem;

type FieldErrors = {
  readonly current?: string;
  readonly next?: string;
  readonly again?: string;
  readonly page?: string;
};

function errorsOf(problem: PasswordProblem | undefined): FieldErrors {
  if (!problem) return {};
  const message = text.problem[problem];
  if (problem === 'current_missing' || problem === 'current_wrong') return { current: message };
  if (problem === 'not_repeated') return { again: message };
  if (problem === 'form_expired' || problem === 'throttled') return { page: message };
  return { next: message };
}

/** The problem as an alert that leads to its field. */
export function PasswordProblemNotice({ problem }: { readonly problem: PasswordProblem | undefined }) {
  if (!problem) return null;
  const errors = errorsOf(problem);
  const field = errors.current ? 'current-password' : errors.again ? 'new-password-again' : 'new-password';
  return (
    <Notice tone="error" title={text.title}>
      <p>
        <a href={`#${field}`}>{text.problem[problem]}</a>
      </p>
    </Notice>
  );
}

type PasswordFieldsProps = {
  readonly userName: string;
  readonly asksCurrent: boolean;
  readonly problem: PasswordProblem | undefined;
  readonly takesFocus: boolean;
};

/** `current-password` (when asked), `new-password`, `new-password-again`; the user name is there for password managers. */
export function PasswordFields({ userName, asksCurrent, problem, takesFocus }: PasswordFieldsProps) {
  const errors = errorsOf(problem);
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
        hint={text.hint}
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
