import { Field, Form, Notice } from '../form.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';
import { AccountLayout } from './layout.tsx';

export type SecondFactorsProblem =
  | { readonly kind: keyof Messages<'secondFactors'>['problem'] }
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
      }
    | undefined;
  /** How many; undefined where there are none for anybody. */
  readonly passkeys?: number | undefined;
  /** For whoever has something they stand for. `reissue` is a POST. */
  readonly recoveryCodes?: { readonly left: number; readonly reissue: FormTarget } | undefined;
  readonly problem?: SecondFactorsProblem | undefined;
  readonly notice?: keyof Messages<'secondFactors'>['notice'] | undefined;
};

function ProblemNotice({ problem }: { problem: SecondFactorsProblem }) {
  const text = useMessages('secondFactors');
  const waitTime = useWaitTime();
  return (
    <Notice tone={problem.kind === 'throttled' ? 'wait' : 'error'} id="problem">
      <p>
        {problem.kind === 'throttled'
          ? text.throttled({ wait: waitTime(problem.retryAfterSeconds) })
          : text.problem[problem.kind]}
      </p>
    </Notice>
  );
}

function App({ totp, person, problem }: SecondFactorsPageProps) {
  const text = useMessages('secondFactors');
  const isInvalid = problem?.kind === 'password_wrong' || problem?.kind === 'password_missing';
  return (
    <section class="panel" aria-labelledby="app-title">
      <h2 id="app-title">
        {text.app} <span class="tag">{totp ? text.isOn : text.isOff}</span>
      </h2>
      {totp ? (
        <>
          <p>{text.appSince({ date: totp.createdAt, used: totp.lastUsedAt })}</p>
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

function Passkeys({ count }: { readonly count: number }) {
  const text = useMessages('secondFactors');
  const passkeys = useMessages('passkeys');
  return (
    <section class="panel" aria-labelledby="passkeys-title">
      <h2 id="passkeys-title">
        {passkeys.title} <span class="tag">{count > 0 ? text.isOn : text.isOff}</span>
      </h2>
      <p>{count > 0 ? passkeys.count({ count }) : passkeys.lead}</p>
      <p class="buttons">
        <a class={count > 0 ? 'button button-quiet' : 'button'} href={sitePaths.passkeys}>
          {passkeys.manage}
        </a>
      </p>
    </section>
  );
}

/** `/account/second-factors`: what is asked after the password. */
export function SecondFactorsPage(props: SecondFactorsPageProps) {
  const text = useMessages('secondFactors');
  const common = useMessages('common');
  const { person, passkeys, recoveryCodes, problem, notice } = props;
  return (
    <AccountLayout
      title={problem ? common.errorTitle({ title: text.title }) : text.title}
      section="secondFactors"
      person={person}
    >
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
        {passkeys !== undefined && <Passkeys count={passkeys} />}
        {recoveryCodes && (
          <section class="panel" aria-labelledby="codes-title">
            <h2 id="codes-title">{text.codes}</h2>
            <p>{text.codesHint({ left: recoveryCodes.left })}</p>
            <Form target={recoveryCodes.reissue}>
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
