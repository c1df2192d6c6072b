import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { OneFieldPage } from '../one-field-page.tsx';
import { fill } from '../phrase.tsx';
import type { FormTarget } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';

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
  const waitTime = useWaitTime();
  return (
    <OneFieldPage
      text={text}
      form={form}
      field={{ name: 'username', label: text.userName, autoComplete: 'username', value: userName }}
      problem={
        problem && {
          message: fill(text.problem[problem], { wait: waitTime(retryAfterSeconds) }),
          isWait: problem === 'throttled',
          isOfField: problem === 'user_name_missing',
        }
      }
    >
      {signInUrl && (
        <p class="card-actions">
          <Link href={signInUrl}>{text.back}</Link>
        </p>
      )}
    </OneFieldPage>
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
