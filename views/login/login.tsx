import { ClientLinks } from '../client-links.tsx';
import { Field, Form, Notice, RequestId } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { PersonCard, SwitchAccount } from '../person.tsx';
import { fill, Name, Phrase } from '../phrase.tsx';
import { safeUrl } from '../safe-url.ts';
import type { ClientSummary, FormTarget, PersonSummary } from '../site.ts';
import { waitTime } from '../wait-time.ts';

const text = {
  title: 'Sign in',
  errorTitle: 'Error: Sign in',
  continueTo: 'to continue to {client}',
  continueToHost: 'to continue to {client} at {host}',
  reauthenticate: 'Confirm that it is you',
  reauthenticateWhy: 'For your safety, {client} asks you to sign in again.',
  reauthenticateHere: 'For your safety, please sign in again.',
  userName: 'User name or e-mail',
  password: 'Password',
  submit: 'Sign in',
  forgot: 'Forgot your password?',
  signUp: 'Create an account',
  cancel: 'Cancel and return to {client}',
  cancelHere: 'Cancel',
  reference: 'Reference for your administrator:',
  problem: {
    wrong_credentials: {
      title: 'That did not work',
      body: 'The user name or the password is not right. Check both and try again.',
    },
    user_name_missing: { title: 'Your user name is missing', body: 'Enter your user name or e-mail address.' },
    password_missing: { title: 'Your password is missing', body: 'Enter your password.' },
    form_expired: {
      title: 'This page had been open too long',
      body: 'Nothing was sent to anyone. Please sign in again.',
    },
    different_person: {
      title: 'That is someone else',
      body: 'Sign in as the person shown here, or choose “Not you?” to switch.',
    },
    busy: { title: 'Very busy at the moment', body: 'Many people are signing in. Wait {wait} and try again.' },
    throttled: {
      title: 'Too many attempts',
      body: 'To keep this account safe, wait {wait} and try again. You are not locked out.',
    },
  },
  notice: {
    password_changed: 'Your password has been changed. Sign in with the new one.',
    signed_out: 'You are signed out. Sign in again, or as someone else.',
  },
};

/** Why the form is shown again. Wrong user name and wrong password are one kind: which it was is never told. */
export type LoginProblem =
  | {
      readonly kind:
        | 'wrong_credentials'
        | 'user_name_missing'
        | 'password_missing'
        | 'form_expired'
        | 'different_person';
    }
  | { readonly kind: 'throttled' | 'busy'; readonly retryAfterSeconds: number };

export type LoginPageProps = {
  /** POST with `username` and `password`. */
  readonly form: FormTarget;
  /** Absent when someone signs in to the account pages themselves. */
  readonly client?: ClientSummary | undefined;
  /** As it was typed, or the login_hint. The password is never given back. */
  readonly userName?: string | undefined;
  readonly problem?: LoginProblem | undefined;
  readonly notice?: keyof typeof text.notice | undefined;
  readonly requestId?: string | undefined;
  readonly forgotPasswordUrl?: string | undefined;
  /** Where people make an account of their own, if they may. */
  readonly signUpUrl?: string | undefined;
  /** POST with `cancel=yes`; goes back to the client with access_denied. */
  readonly cancel?: FormTarget | undefined;
  /** The person is known and is asked again (prompt=login, max_age, acr). */
  readonly reauthentication?:
    | {
        readonly person: PersonSummary;
        /** POST with `switch=yes`. */
        readonly switchAccount: FormTarget;
      }
    | undefined;
};

function Purpose({ client, isReauthentication }: { client: ClientSummary | undefined; isReauthentication: boolean }) {
  if (!client) return isReauthentication ? <p class="lead">{text.reauthenticateHere}</p> : null;
  const sentence = isReauthentication
    ? text.reauthenticateWhy
    : client.destination
      ? text.continueToHost
      : text.continueTo;
  return (
    <p class="lead">
      <Phrase text={sentence} with={{ client: <Name>{client.name}</Name>, host: <bdi>{client.destination}</bdi> }} />
    </p>
  );
}

function ProblemNotice({ problem, requestId }: { problem: LoginProblem; requestId: string | undefined }) {
  const { title, body } = text.problem[problem.kind];
  const wait = 'retryAfterSeconds' in problem ? waitTime(problem.retryAfterSeconds) : '';
  return (
    <Notice tone={'retryAfterSeconds' in problem ? 'wait' : 'error'} id="problem" title={title}>
      <p>{fill(body, { wait })}</p>
      {requestId && <RequestId label={text.reference} id={requestId} />}
    </Notice>
  );
}

/** Which fields the problem speaks of; both for wrong credentials, so that nothing is told apart. */
function invalidFields(problem: LoginProblem | undefined): { userName: boolean; password: boolean } {
  const both = problem?.kind === 'wrong_credentials';
  return {
    userName: both || problem?.kind === 'user_name_missing' || problem?.kind === 'different_person',
    password: both || problem?.kind === 'password_missing',
  };
}

function Credentials({ form, problem, reauthentication, ...page }: LoginPageProps) {
  const userName = page.userName ?? reauthentication?.person.userName ?? '';
  const invalid = invalidFields(problem);
  const focusPassword =
    userName !== '' && problem?.kind !== 'user_name_missing' && problem?.kind !== 'different_person';
  const described = problem ? { describedBy: 'problem' } : {};
  return (
    <Form target={form} class="stack">
      <Field
        name="username"
        label={text.userName}
        autoComplete="username"
        value={userName}
        isInvalid={invalid.userName}
        autoFocus={!focusPassword}
        {...(focusPassword ? {} : described)}
      />
      <Field
        name="password"
        label={text.password}
        type="password"
        autoComplete="current-password"
        isInvalid={invalid.password}
        autoFocus={focusPassword}
        {...(focusPassword || invalid.password ? described : {})}
      />
      <button type="submit" class="button button-wide">
        {text.submit}
      </button>
    </Form>
  );
}

/** DESIGN §8 "Login form": fields `username` and `password`, on one page, without JavaScript. */
export function LoginPage(props: LoginPageProps) {
  const { client, problem, reauthentication, cancel } = props;
  const forgot = safeUrl(props.forgotPasswordUrl);
  const signUp = reauthentication ? undefined : safeUrl(props.signUpUrl);
  return (
    <CardPage title={problem ? text.errorTitle : text.title}>
      <h1>{reauthentication ? text.reauthenticate : text.title}</h1>
      <Purpose client={client} isReauthentication={reauthentication !== undefined} />
      {problem && <ProblemNotice problem={problem} requestId={props.requestId} />}
      {!problem && props.notice && (
        <Notice tone="info">
          <p>{text.notice[props.notice]}</p>
        </Notice>
      )}
      {reauthentication && <PersonCard person={reauthentication.person} />}
      <Credentials {...props} />
      {(forgot || signUp || cancel || reauthentication) && (
        <div class="card-actions">
          {forgot && <a href={forgot}>{text.forgot}</a>}
          {signUp && <a href={signUp}>{text.signUp}</a>}
          {reauthentication && <SwitchAccount target={reauthentication.switchAccount} />}
          {cancel && (
            <Form target={cancel}>
              <button type="submit" class="link-button" name="cancel" value="yes">
                {client ? <Phrase text={text.cancel} with={{ client: <bdi>{client.name}</bdi> }} /> : text.cancelHere}
              </button>
            </Form>
          )}
        </div>
      )}
      {client && <ClientLinks client={client} />}
    </CardPage>
  );
}
