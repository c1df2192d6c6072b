import { Form, Notice } from '../form.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { PasswordFields, type PasswordProblem, PasswordProblemNotice } from '../password-fields.tsx';
import { Name } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { FactorRecoveryNotice } from './factor-recovery.tsx';
import { AccountLayout } from './layout.tsx';

export type AccountHomePageProps = {
  readonly person: PersonSummary;
  readonly hasVerifiedEmail: boolean;
  /** POST; absent when the address is confirmed, there is none, or no mail can be sent. */
  readonly verifyEmail?: FormTarget | undefined;
  /** People choose where mail about them goes. */
  readonly mayChangeEmail?: boolean | undefined;
  /** Administrators who may look at how the pages are branded. */
  readonly maySeeBranding?: boolean | undefined;
  /** POST with `current-password`, `new-password`, `new-password-again`; absent for people without a password. */
  readonly changePassword?: FormTarget | undefined;
  /** The shortest password that the rules take; shown as a hint. */
  readonly minimumLength: number;
  /** Somebody waits for the removal of the second factor; `ripeAt` in words, `stop` a POST. */
  readonly factorRecovery?: { readonly ripeAt: string; readonly stop: FormTarget } | undefined;
  readonly problem?: PasswordProblem | undefined;
  readonly notice?: keyof Messages<'accountHome'>['notice'] | undefined;
};

type ProfileProps = Pick<
  AccountHomePageProps,
  'person' | 'hasVerifiedEmail' | 'verifyEmail' | 'mayChangeEmail' | 'maySeeBranding'
>;

function Profile({ person, hasVerifiedEmail, verifyEmail, mayChangeEmail, maySeeBranding }: ProfileProps) {
  const { title: branding } = useMessages('brandingPreview');
  const text = useMessages('accountHome');
  const { change } = useMessages('ownEmail');
  return (
    <section class="panel" aria-labelledby="profile-title">
      <h2 id="profile-title">{text.profile}</h2>
      <dl class="facts">
        <dt>{text.name}</dt>
        <dd>
          <bdi>{person.displayName}</bdi>
        </dd>
        <dt>{text.userName}</dt>
        <dd>
          <bdi>{person.userName}</bdi>
        </dd>
        {person.email && (
          <>
            <dt>{text.email}</dt>
            <dd>
              <bdi>{person.email}</bdi> <span class="tag">{hasVerifiedEmail ? text.verified : text.notVerified}</span>
              {verifyEmail && (
                <Form target={verifyEmail}>
                  <button type="submit" class="link-button">
                    {text.verify}
                  </button>
                </Form>
              )}
            </dd>
          </>
        )}
      </dl>
      <p class="buttons">
        {mayChangeEmail && (
          <a class="button button-quiet" href={sitePaths.email}>
            {change}
          </a>
        )}
        {maySeeBranding && (
          <a class="button button-quiet" href={sitePaths.brandingPreview}>
            {branding}
          </a>
        )}
        <a class="button button-quiet" href={sitePaths.logout}>
          {text.signOut}
        </a>
      </p>
    </section>
  );
}

function ChangePassword({ person, changePassword, minimumLength, problem }: AccountHomePageProps) {
  const text = useMessages('accountHome');
  return (
    <section class="panel" id="password" aria-labelledby="password-title">
      <h2 id="password-title">{text.password}</h2>
      {changePassword ? (
        <>
          <p class="hint">{text.passwordHint}</p>
          <PasswordProblemNotice problem={problem} minimumLength={minimumLength} />
          <Form target={changePassword} class="stack">
            <PasswordFields
              userName={person.userName}
              asksCurrent
              minimumLength={minimumLength}
              problem={problem}
              takesFocus={problem !== undefined}
            />
            <button type="submit" class="button">
              {text.save}
            </button>
          </Form>
        </>
      ) : (
        <p>{text.noPassword}</p>
      )}
    </section>
  );
}

/** `/account`: who I am here, and my own password. */
export function AccountHomePage(props: AccountHomePageProps) {
  const text = useMessages('accountHome');
  const { title } = useMessages('accountNav');
  const common = useMessages('common');
  const { person, notice, problem } = props;
  return (
    <AccountLayout title={problem ? common.errorTitle({ title }) : title} section="account" person={person}>
      <h1>{text.greeting({ person: <Name>{person.displayName}</Name> })}</h1>
      {notice && (
        <Notice tone={notice === 'password_changed' || notice === 'verification_sent' ? 'good' : 'wait'}>
          <p>{text.notice[notice]}</p>
        </Notice>
      )}
      {props.factorRecovery && <FactorRecoveryNotice {...props.factorRecovery} />}
      <div class="columns columns-top">
        <Profile {...props} />
        <ChangePassword {...props} />
      </div>
    </AccountLayout>
  );
}
