import { Field, Form, Notice } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { fill } from '../phrase.tsx';
import type { FormTarget } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';

const text = {
  title: 'Create an account',
  errorTitle: 'Error: Create an account',
  lead: 'Enter your e-mail address. The link that is sent there leads on.',
  domains: 'Addresses at {domains} are taken.',
  email: 'E-mail address',
  submit: 'Send the link',
  back: 'I have an account already',
  problem: {
    address_invalid: 'Enter an e-mail address such as name@example.com.',
    domain_refused: 'Accounts are open to addresses at {domains} alone.',
    throttled: 'Too many links were asked for. Wait {wait} and try again.',
  },
  sentTitle: 'Look into your mail',
  sent: 'A mail is on its way to you. The link in it works once, in any browser, for a day.',
  sentNext: 'Nothing there after a few minutes? Look into the junk folder, or check the address and ask again.',
  signIn: 'Sign in',
  again: 'Ask again',
};

export type SignUpPageProps = {
  /** POST with `email`. */
  readonly form: FormTarget;
  /** Not empty where only these are taken. */
  readonly domains: readonly string[];
  readonly address?: string | undefined;
  readonly problem?: keyof typeof text.problem | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly signInUrl: string;
};

/** The first step: an address. Says nothing about whether it has an account. */
export function SignUpPage({ form, domains, address, problem, retryAfterSeconds = 1, signInUrl }: SignUpPageProps) {
  const waitTime = useWaitTime();
  const places = { domains: domains.join(', '), wait: waitTime(retryAfterSeconds) };
  const message = problem && fill(text.problem[problem], places);
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
          name="email"
          type="email"
          label={text.email}
          hint={domains.length > 0 ? fill(text.domains, places) : undefined}
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
      <p class="card-actions">
        <Link href={signInUrl}>{text.back}</Link>
      </p>
    </CardPage>
  );
}

/** The same whether or not there is an account already. */
export function SignUpSentPage({ signInUrl, againUrl }: { readonly signInUrl: string; readonly againUrl: string }) {
  return (
    <CardPage title={text.sentTitle}>
      <h1>{text.sentTitle}</h1>
      <p class="lead">{text.sent}</p>
      <p>{text.sentNext}</p>
      <p class="card-buttons">
        <Link class="button button-quiet" href={signInUrl}>
          {text.signIn}
        </Link>
        <Link class="button button-quiet" href={againUrl}>
          {text.again}
        </Link>
      </p>
    </CardPage>
  );
}
