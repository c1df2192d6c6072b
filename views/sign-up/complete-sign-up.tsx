import { Field, Form, Notice } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { PasswordFields, type PasswordProblem, PasswordProblemNotice } from '../password-fields.tsx';
import { Name } from '../phrase.tsx';
import type { FormTarget } from '../site.ts';

type OwnProblem = keyof Messages<'completeSignUp'>['problem'];

export type SignUpProblem = PasswordProblem | OwnProblem;

export type CompleteSignUpPageProps = {
  /** POST with `name`, `new-password`, `new-password-again`, `terms`; the link's token goes into `fields`. */
  readonly form: FormTarget;
  readonly address: string;
  readonly name?: string | undefined;
  readonly minimumLength: number;
  /** Absent where nothing has to be accepted. */
  readonly termsUrl?: string | undefined;
  readonly problem?: SignUpProblem | undefined;
};

const isOwn = (problem: SignUpProblem | undefined): problem is OwnProblem =>
  problem === 'name_missing' || problem === 'terms_missing';

/** Reached by the link in the mail; showing it uses nothing up. */
export function CompleteSignUpPage({ form, address, name, minimumLength, termsUrl, problem }: CompleteSignUpPageProps) {
  const text = useMessages('completeSignUp');
  const common = useMessages('common');
  const own = isOwn(problem) ? text.problem[problem] : undefined;
  const password = isOwn(problem) ? undefined : problem;
  return (
    <CardPage title={problem ? common.errorTitle({ title: text.title }) : text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead({ address: <Name>{address}</Name> })}</p>
      {own && (
        <Notice tone="error">
          <p>
            <a href={problem === 'terms_missing' ? '#terms' : '#name'}>{own}</a>
          </p>
        </Notice>
      )}
      <PasswordProblemNotice problem={password} minimumLength={minimumLength} />
      <Form target={form} class="stack">
        <Field
          name="name"
          label={text.name}
          autoComplete="name"
          value={name}
          maxLength={256}
          error={problem === 'name_missing' ? own : undefined}
          autoFocus={problem === undefined || problem === 'name_missing'}
        />
        <PasswordFields
          userName={address}
          asksCurrent={false}
          problem={password}
          minimumLength={minimumLength}
          takesFocus={password !== undefined}
        />
        {termsUrl && (
          <p class="check">
            <input
              type="checkbox"
              id="terms"
              name="terms"
              value="accepted"
              required
              aria-invalid={problem === 'terms_missing' ? 'true' : undefined}
            />
            <label for="terms">{text.terms({ terms: <Link href={termsUrl}>{text.termsLink}</Link> })}</label>
          </p>
        )}
        <button type="submit" class="button button-wide">
          {text.submit}
        </button>
      </Form>
    </CardPage>
  );
}

export function AccountReadyPage({ signInUrl }: { readonly signInUrl: string }) {
  const text = useMessages('completeSignUp');
  const common = useMessages('common');
  return (
    <CardPage title={text.doneTitle}>
      <h1>{text.doneTitle}</h1>
      <p class="lead">{text.done}</p>
      <p class="card-buttons">
        <Link class="button" href={signInUrl}>
          {common.signIn}
        </Link>
      </p>
    </CardPage>
  );
}

type AccountExistsPageProps = {
  readonly address: string;
  readonly signInUrl: string;
  readonly forgotPasswordUrl: string;
};

/** Only whoever has proved the address gets here. */
export function AccountExistsPage({ address, signInUrl, forgotPasswordUrl }: AccountExistsPageProps) {
  const text = useMessages('completeSignUp');
  const common = useMessages('common');
  return (
    <CardPage title={text.existsTitle}>
      <h1>{text.existsTitle}</h1>
      <p class="lead">{text.exists({ address: <Name>{address}</Name> })}</p>
      <p class="card-buttons">
        <Link class="button" href={signInUrl}>
          {common.signIn}
        </Link>
        <Link class="button button-quiet" href={forgotPasswordUrl}>
          {text.forgot}
        </Link>
      </p>
    </CardPage>
  );
}
