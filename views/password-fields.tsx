import { Field, Notice } from './form.tsx';
import { useMessages } from './look.ts';
import type { Messages } from './messages/catalogue.ts';

type Text = Messages<'passwordFields'>;

/** Why a password was not taken: the codes of the password rules as they are, and what only a form can find. */
export type PasswordProblem = keyof Text['problem'] | 'credentials.password_too_short';

type FieldErrors = {
  readonly current?: string;
  readonly next?: string;
  readonly again?: string;
  readonly page?: string;
};

function messageFor(text: Text, problem: PasswordProblem, minimumLength: number): string {
  if (problem === 'credentials.password_too_short') return text.tooShort({ length: minimumLength });
  return text.problem[problem];
}

function errorsOf(text: Text, problem: PasswordProblem | undefined, minimumLength: number): FieldErrors {
  if (!problem) return {};
  const message = messageFor(text, problem, minimumLength);
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
  const text = useMessages('passwordFields');
  if (!problem) return null;
  const { current, again, page } = errorsOf(text, problem, minimumLength);
  const field = current ? 'current-password' : again ? 'new-password-again' : 'new-password';
  const message = messageFor(text, problem, minimumLength);
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
  const text = useMessages('passwordFields');
  const errors = errorsOf(text, problem, minimumLength);
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
        hint={text.hint({ length: minimumLength })}
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
