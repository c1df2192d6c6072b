import { Field, Form, Notice } from '../form.tsx';
import { fill } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';
import { AccountLayout } from './layout.tsx';

const text = {
  title: 'Second step at sign-in',
  errorTitle: 'Error: Second step at sign-in',
  lead: 'With a second step, somebody who learns your password still cannot sign in as you.',
  app: 'Authenticator app',
  isOn: 'on',
  isOff: 'off',
  appOff: 'An app on your telephone shows six digits that you enter after your password.',
  appSince: 'Set up on {date}, last used on {used}.',
  setUp: 'Set up an authenticator app',
  remove: 'Remove the authenticator app',
  removeHint: 'Your password alone signs in again, and your recovery codes end.',
  password: 'Your password',
  codes: 'Recovery codes',
  codesHint: 'Each stands in once for a lost telephone. You have {left} left.',
  reissue: 'Make new recovery codes',
  problem: {
    form_expired: 'This page had been open too long. Please try again.',
    password_wrong: 'That is not your password. Nothing was changed.',
    password_missing: 'Enter your password.',
    throttled: 'Too many attempts. Wait {wait} and try again. You are not locked out.',
  },
  notice: { removed: 'The authenticator app was removed.' },
};

export type SecondFactorsProblem =
  | { readonly kind: 'form_expired' | 'password_wrong' | 'password_missing' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

export type SecondFactorsPageProps = {
  readonly person: PersonSummary;
  /** Present when there is one; dates in words. */
  readonly totp?:
    | {
        readonly createdAt: string;
        readonly lastUsedAt: string;
        /** POST with `current-password`. */
        readonly remove: FormTarget;
        readonly recoveryCodesLeft: number;
        /** POST. */
        readonly reissue: FormTarget;
      }
    | undefined;
  readonly problem?: SecondFactorsProblem | undefined;
  readonly notice?: keyof typeof text.notice | undefined;
};

function ProblemNotice({ problem }: { problem: SecondFactorsProblem }) {
  const waitTime = useWaitTime();
  const wait = 'retryAfterSeconds' in problem ? waitTime(problem.retryAfterSeconds) : '';
  return (
    <Notice tone={problem.kind === 'throttled' ? 'wait' : 'error'} id="problem">
      <p>{fill(text.problem[problem.kind], { wait })}</p>
    </Notice>
  );
}

function App({ totp, person, problem }: SecondFactorsPageProps) {
  const isInvalid = problem?.kind === 'password_wrong' || problem?.kind === 'password_missing';
  return (
    <section class="panel" aria-labelledby="app-title">
      <h2 id="app-title">
        {text.app} <span class="tag">{totp ? text.isOn : text.isOff}</span>
      </h2>
      {totp ? (
        <>
          <p>{fill(text.appSince, { date: totp.createdAt, used: totp.lastUsedAt })}</p>
          <p class="hint">{text.removeHint}</p>
          <Form target={totp.remove} class="stack">
            <input
              type="text"
              name="username"
              value={person.userName}
              autocomplete="username"
              aria-label={person.userName}
              hidden
              readOnly
            />
            <Field
              name="current-password"
              label={text.password}
              type="password"
              autoComplete="current-password"
              isInvalid={isInvalid}
              autoFocus={isInvalid}
              {...(problem ? { describedBy: 'problem' } : {})}
            />
            <button type="submit" class="button button-quiet">
              {text.remove}
            </button>
          </Form>
        </>
      ) : (
        <>
          <p>{text.appOff}</p>
          <p class="buttons">
            <a class="button" href={sitePaths.setUpTotp}>
              {text.setUp}
            </a>
          </p>
        </>
      )}
    </section>
  );
}

/** `/account/second-factors`: what is asked after the password. */
export function SecondFactorsPage(props: SecondFactorsPageProps) {
  const { person, totp, problem, notice } = props;
  return (
    <AccountLayout title={problem ? text.errorTitle : text.title} section="secondFactors" person={person}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      {problem && <ProblemNotice problem={problem} />}
      {!problem && notice && (
        <Notice tone="good">
          <p>{text.notice[notice]}</p>
        </Notice>
      )}
      <div class="columns columns-top">
        <App {...props} />
        {totp && (
          <section class="panel" aria-labelledby="codes-title">
            <h2 id="codes-title">{text.codes}</h2>
            <p>{fill(text.codesHint, { left: String(totp.recoveryCodesLeft) })}</p>
            <Form target={totp.reissue}>
              <button type="submit" class="button button-quiet">
                {text.reissue}
              </button>
            </Form>
          </section>
        )}
      </div>
    </AccountLayout>
  );
}
