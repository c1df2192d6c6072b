import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { OneFieldPage } from '../one-field-page.tsx';
import type { FormTarget } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';

export type ForgotPasswordPageProps = {
  /** POST with `username`. */
  readonly form: FormTarget;
  readonly userName?: string | undefined;
  readonly problem?: keyof Messages<'forgotPassword'>['problem'] | 'throttled' | undefined;
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
  const text = useMessages('forgotPassword');
  const waitTime = useWaitTime();
  return (
    <OneFieldPage
      title={text.title}
      lead={text.lead}
      submit={text.submit}
      form={form}
      field={{ name: 'username', label: text.userName, autoComplete: 'username', value: userName }}
      problem={
        problem && {
          message:
            problem === 'throttled' ? text.throttled({ wait: waitTime(retryAfterSeconds) }) : text.problem[problem],
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
  const text = useMessages('forgotPassword');
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
