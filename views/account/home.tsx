import { Form, Notice } from '../form.tsx';
import { PasswordFields, type PasswordProblem, PasswordProblemNotice } from '../password-fields.tsx';
import { Name, Phrase } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { AccountLayout } from './layout.tsx';

const text = {
  title: 'My account',
  errorTitle: 'Error: My account',
  greeting: 'Hello, {person}',
  profile: 'About you',
  name: 'Name',
  userName: 'User name',
  email: 'E-mail',
  verified: 'verified',
  notVerified: 'not verified',
  signOut: 'Sign out',
  password: 'Change your password',
  passwordHint: 'Other browsers and applications that are signed in as you will be signed out.',
  save: 'Change password',
  noPassword: 'You sign in without a password here. Ask your administrator for a one-time link if you want to set one.',
  verify: 'Confirm this address',
  notice: {
    password_changed: 'Your password has been changed.',
    verification_sent: 'Look into your mail: the link in it confirms your address.',
    verification_throttled: 'A link was sent a short while ago. Look into your mail, or wait a few minutes.',
    form_expired: 'This page had been open too long. Please try again.',
  },
};

export type AccountHomePageProps = {
  readonly person: PersonSummary;
  readonly hasVerifiedEmail: boolean;
  /** POST; absent when the address is confirmed, there is none, or no mail can be sent. */
  readonly verifyEmail?: FormTarget | undefined;
  /** POST with `current-password`, `new-password`, `new-password-again`; absent for people without a password. */
  readonly changePassword?: FormTarget | undefined;
  /** The shortest password that the rules take; shown as a hint. */
  readonly minimumLength: number;
  readonly problem?: PasswordProblem | undefined;
  readonly notice?: keyof typeof text.notice | undefined;
};

type ProfileProps = Pick<AccountHomePageProps, 'person' | 'hasVerifiedEmail' | 'verifyEmail'>;

function Profile({ person, hasVerifiedEmail, verifyEmail }: ProfileProps) {
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
        <a class="button button-quiet" href={sitePaths.logout}>
          {text.signOut}
        </a>
      </p>
    </section>
  );
}

function ChangePassword({ person, changePassword, minimumLength, problem }: AccountHomePageProps) {
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
  const { person, notice, problem } = props;
  return (
    <AccountLayout title={problem ? text.errorTitle : text.title} section="account" person={person}>
      <h1>
        <Phrase text={text.greeting} with={{ person: <Name>{person.displayName}</Name> }} />
      </h1>
      {notice && (
        <Notice tone={notice === 'password_changed' || notice === 'verification_sent' ? 'good' : 'wait'}>
          <p>{text.notice[notice]}</p>
        </Notice>
      )}
      <div class="columns columns-top">
        <Profile {...props} />
        <ChangePassword {...props} />
      </div>
    </AccountLayout>
  );
}
