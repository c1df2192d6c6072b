import { Field, Form, Notice } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import type { FormTarget } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';

export type SignUpPageProps = {
  /** POST with `email`. */
  readonly form: FormTarget;
  /** Not empty where only these are taken. */
  readonly domains: readonly string[];
  readonly address?: string | undefined;
  readonly problem?: 'address_invalid' | 'domain_refused' | 'throttled' | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** Where whoever has an account signs in, or POST with `skip=yes`. */
  readonly signIn: string | FormTarget;
};

/** The first step: an address. Says nothing about whether it has an account. */
export function SignUpPage({ form, domains, address, problem, retryAfterSeconds = 1, signIn }: SignUpPageProps) {
  const text = useMessages('signUp');
  const common = useMessages('common');
  const waitTime = useWaitTime();
  const places = { domains: domains.join(', ') };
  const messages = {
    address_invalid: text.addressInvalid,
    domain_refused: text.domainRefused(places),
    throttled: text.throttled({ wait: waitTime(retryAfterSeconds) }),
  };
  const message = problem && messages[problem];
  return (
    <CardPage title={problem ? common.errorTitle({ title: text.title }) : text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      {message && (
        <Notice tone={problem === 'throttled' ? 'wait' : 'error'} id="problem">
          <p>{message}</p>
        </Notice>
      )}
      <Form target={form} class="stack">
        <Field
          name="email"
          type="email"
          label={text.email}
          hint={domains.length > 0 ? text.domains(places) : undefined}
          autoComplete="email"
          value={address}
          autoFocus
          isInvalid={problem === 'address_invalid' || problem === 'domain_refused'}
          describedBy={message && 'problem'}
        />
        <button type="submit" class="button button-wide">
          {text.submit}
        </button>
      </Form>
      <div class="card-actions">
        {typeof signIn === 'string' ? (
          <Link href={signIn}>{text.back}</Link>
        ) : (
          <Form target={signIn}>
            <button type="submit" class="link-button" name="skip" value="yes">
              {text.back}
            </button>
          </Form>
        )}
      </div>
    </CardPage>
  );
}

/** The same whether or not there is an account already. */
export function SignUpSentPage({ signInUrl, againUrl }: { readonly signInUrl: string; readonly againUrl: string }) {
  const text = useMessages('signUp');
  const common = useMessages('common');
  return (
    <CardPage title={text.sentTitle}>
      <h1>{text.sentTitle}</h1>
      <p class="lead">{text.sent}</p>
      <p>{text.sentNext}</p>
      <p class="card-buttons">
        <Link class="button button-quiet" href={signInUrl}>
          {common.signIn}
        </Link>
        <Link class="button button-quiet" href={againUrl}>
          {text.again}
        </Link>
      </p>
    </CardPage>
  );
}
