import { Field, Form, Notice } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { fill } from '../phrase.tsx';
import type { FormTarget } from '../site.ts';
import { waitTime } from '../wait-time.ts';

const text = {
  title: 'Forgot your password?',
  errorTitle: 'Error: Forgot your password?',
  lead: 'Enter your user name or e-mail address. If there is an account for it, a link to choose a new password is sent.',
  userName: 'User name or e-mail',
  submit: 'Send the link',
  back: 'Back to sign-in',
  problem: {
    user_name_missing: 'Enter your user name or e-mail address.',
    form_expired: 'This page had been open too long. Please send it again.',
    throttled: 'Too many links were asked for. Wait {wait} and try again.',
  },
  sentTitle: 'Look into your mail',
  sent: 'If there is an account with an e-mail address for what you entered, a link is on its way. It works once, in any browser.',
  sentNext: 'Nothing there after a few minutes? Look into the junk folder, or ask your administrator for a link.',
};

export type ForgotPasswordPageProps = {
  /** POST with `username`. */
  readonly form: FormTarget;
  readonly userName?: string | undefined;
  readonly problem?: keyof typeof text.problem | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly signInUrl?: string | undefined;
};

/** Asks for a one-time link. */
export function ForgotPasswordPage({
  form,
  userName,
  problem,
  retryAfterSeconds = 1,
  signInUrl,
}: ForgotPasswordPageProps) {
  const message = problem && fill(text.problem[problem], { wait: waitTime(retryAfterSeconds) });
  return (
    <CardPage title={problem ? text.errorTitle : text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      {message && (
        <Notice tone={problem === 'throttled' ? 'wait' : 'error'} id="problem">
          <p>{message}</p>
        </Notice>
      )}
      <Form target={form} class="stack">
        <Field
          name="username"
          label={text.userName}
          autoComplete="username"
          value={userName}
          autoFocus
          isInvalid={problem === 'user_name_missing'}
          describedBy={message && 'problem'}
        />
        <button type="submit" class="button button-wide">
          {text.submit}
        </button>
      </Form>
      {signInUrl && (
        <p class="card-actions">
          <Link href={signInUrl}>{text.back}</Link>
        </p>
      )}
    </CardPage>
  );
}

/** The same answer whether or not there is such a person (SECURITY: no enumeration). */
export function RecoverySentPage({ signInUrl }: { readonly signInUrl?: string | undefined }) {
  return (
    <CardPage title={text.sentTitle}>
      <h1>{text.sentTitle}</h1>
      <p class="lead">{text.sent}</p>
      <p>{text.sentNext}</p>
      {signInUrl && (
        <p class="card-buttons">
          <Link class="button button-quiet" href={signInUrl}>
            {text.back}
          </Link>
        </p>
      )}
    </CardPage>
  );
}
