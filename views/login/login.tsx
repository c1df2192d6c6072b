import { assetUrl } from '../assets.ts';
import { ClientLinks } from '../client-links.tsx';
import { Field, Form, Notice, RequestId } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { PasskeyForm, type PasskeyPrompt } from '../passkey.tsx';
import { PersonCard, SwitchAccount } from '../person.tsx';
import { Name } from '../phrase.tsx';
import { safeUrl } from '../safe-url.ts';
import type { ClientSummary, FormTarget, PersonSummary } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';

/** Why the form is shown again. Wrong user name and wrong password are one kind: which it was is never told. */
export type LoginProblem =
  | { readonly kind: keyof Messages<'login'>['problem'] }
  | { readonly kind: keyof Messages<'login'>['wait']; readonly retryAfterSeconds: number };

export type LoginPageProps = {
  /** POST with `username` and `password`. */
  readonly form: FormTarget;
  /** Absent when someone signs in to the account pages themselves. */
  readonly client?: ClientSummary | undefined;
  /** As it was typed, or the login_hint. The password is never given back. */
  readonly userName?: string | undefined;
  readonly problem?: LoginProblem | undefined;
  readonly notice?: keyof Messages<'login'>['notice'] | undefined;
  readonly requestId?: string | undefined;
  /** A sum that a script does in place of the wait; without it, the wait it is. */
  readonly work?: { readonly challenge: string; readonly bits: number } | undefined;
  /** Absent where there are no passkeys. */
  readonly passkey?: PasskeyPrompt | undefined;
  /** Where a code comes by mail instead. */
  readonly emailUrl?: string | undefined;
  readonly forgotPasswordUrl?: string | undefined;
  /** For whoever is asked for a passkey beside their password: a recovery code in its place. */
  readonly recoveryCodeUrl?: string | undefined;
  /** And has neither. */
  readonly lostUrl?: string | undefined;
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
  const text = useMessages('login');
  if (!client) return isReauthentication ? <p class="lead">{text.reauthenticateHere}</p> : null;
  const name = <Name>{client.name}</Name>;
  return (
    <p class="lead">
      {isReauthentication
        ? text.reauthenticateWhy({ client: name })
        : client.destination
          ? text.continueToHost({ client: name, host: <bdi>{client.destination}</bdi> })
          : text.continueTo({ client: name })}
    </p>
  );
}

function ProblemNotice({ problem, requestId }: { problem: LoginProblem; requestId: string | undefined }) {
  const text = useMessages('login');
  const common = useMessages('common');
  const waitTime = useWaitTime();
  const isWait = 'retryAfterSeconds' in problem;
  const { title } = isWait ? text.wait[problem.kind] : text.problem[problem.kind];
  return (
    <Notice tone={isWait ? 'wait' : 'error'} id="problem" title={title}>
      <p>
        {isWait
          ? text.wait[problem.kind].body({ wait: waitTime(problem.retryAfterSeconds) })
          : text.problem[problem.kind].body}
      </p>
      {requestId && <RequestId label={common.reference} id={requestId} />}
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

/** Hidden until the script begins: nobody reads of a sum that nobody does. */
function Work({ challenge, bits }: NonNullable<LoginPageProps['work']>) {
  const text = useMessages('login').work;
  return (
    <>
      <input type="hidden" name="work" value={challenge} />
      <input type="hidden" name="work-answer" value="" />
      <p class="hint" role="status" data-work={challenge} data-bits={bits}>
        <span data-work-busy hidden>
          {text.busy}
        </span>
        <span data-work-done hidden>
          {text.done}
        </span>
      </p>
      <script src={assetUrl('work.js')} defer />
    </>
  );
}

function Credentials({ form, problem, reauthentication, ...page }: LoginPageProps) {
  const text = useMessages('login');
  const userName = page.userName ?? reauthentication?.person.userName ?? '';
  const invalid = invalidFields(problem);
  const focusPassword =
    userName !== '' && problem?.kind !== 'user_name_missing' && problem?.kind !== 'different_person';
  const described = problem ? { describedBy: 'problem' } : {};
  return (
    <Form target={form} class="stack">
      {page.work && <Work {...page.work} />}
      <Field
        name="username"
        label={text.userName}
        autoComplete={page.passkey ? 'username webauthn' : 'username'}
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
  const text = useMessages('login');
  const common = useMessages('common');
  const { client, problem, reauthentication, cancel } = props;
  const lostText = useMessages('lostFactor').passkey;
  const codeText = useMessages('code').totp;
  const emailText = useMessages('emailSignIn');
  const email = safeUrl(props.emailUrl);
  const recoveryCode = safeUrl(props.recoveryCodeUrl);
  const forgot = safeUrl(props.forgotPasswordUrl);
  const lost = safeUrl(props.lostUrl);
  const signUp = reauthentication ? undefined : safeUrl(props.signUpUrl);
  return (
    <CardPage
      title={problem ? common.errorTitle({ title: text.title }) : text.title}
      script={props.passkey && 'passkey.js'}
    >
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
      {props.passkey && <PasskeyForm mode="get" {...props.passkey} />}
      {(email || forgot || recoveryCode || lost || signUp || cancel || reauthentication) && (
        <div class="card-actions">
          {email && <a href={email}>{emailText.link}</a>}
          {forgot && <a href={forgot}>{text.forgot}</a>}
          {recoveryCode && <a href={recoveryCode}>{codeText.otherWay}</a>}
          {lost && <a href={lost}>{lostText.link}</a>}
          {signUp && <a href={signUp}>{text.signUp}</a>}
          {reauthentication && <SwitchAccount target={reauthentication.switchAccount} />}
          {cancel && (
            <Form target={cancel}>
              <button type="submit" class="link-button" name="cancel" value="yes">
                {client ? common.cancelTo({ client: <bdi>{client.name}</bdi> }) : common.cancel}
              </button>
            </Form>
          )}
        </div>
      )}
      {client && <ClientLinks client={client} />}
    </CardPage>
  );
}
