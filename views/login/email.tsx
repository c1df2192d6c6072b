import { ClientLinks } from '../client-links.tsx';
import { Form } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { OneFieldPage } from '../one-field-page.tsx';
import { Name } from '../phrase.tsx';
import type { ClientSummary, FormTarget } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';

export type EmailSignInProblem =
  | { readonly kind: keyof Messages<'emailSignIn'>['problem'] }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

type EmailSignInPageProps = {
  /** POST with `username`. */
  readonly form: FormTarget;
  readonly userName?: string | undefined;
  readonly problem?: EmailSignInProblem | undefined;
  readonly backUrl: string;
};

/** Asks for a code by mail. */
export function EmailSignInPage({ form, userName, problem, backUrl }: EmailSignInPageProps) {
  const text = useMessages('emailSignIn');
  const login = useMessages('login');
  const waitTime = useWaitTime();
  const message =
    problem &&
    ('retryAfterSeconds' in problem
      ? text.throttled({ wait: waitTime(problem.retryAfterSeconds) })
      : text.problem[problem.kind]);
  return (
    <OneFieldPage
      title={text.title}
      lead={text.lead}
      submit={text.submit}
      form={form}
      field={{ name: 'username', label: login.userName, autoComplete: 'username', value: userName }}
      problem={
        problem && message !== undefined
          ? { message, isWait: 'retryAfterSeconds' in problem, isOfField: problem.kind === 'user_name_missing' }
          : undefined
      }
    >
      <p class="card-actions">
        <Link href={backUrl}>{text.back}</Link>
      </p>
    </OneFieldPage>
  );
}

type EmailCodePageProps = {
  /** POST with `code`. */
  readonly form: FormTarget;
  readonly hasLink: boolean;
  readonly problem?: keyof Messages<'emailCode'>['problem'] | undefined;
  readonly againUrl: string;
  readonly backUrl: string;
};

/** The same whether or not anything was sent (SECURITY: no enumeration). */
export function EmailCodePage({ form, hasLink, problem, againUrl, backUrl }: EmailCodePageProps) {
  const text = useMessages('emailCode');
  const { back } = useMessages('emailSignIn');
  const { goOn } = useMessages('common');
  return (
    <OneFieldPage
      title={text.title}
      lead={hasLink ? text.leadLink : text.lead}
      submit={goOn}
      form={form}
      field={{ name: 'code', label: text.label, autoComplete: 'one-time-code', inputMode: 'numeric' }}
      problem={problem && { message: text.problem[problem], isWait: false, isOfField: problem === 'wrong_code' }}
    >
      <p class="hint">{text.none}</p>
      <p class="card-actions">
        <Link href={againUrl}>{text.again}</Link>
        <Link href={backUrl}>{back}</Link>
      </p>
    </OneFieldPage>
  );
}

type EmailLinkPageProps = {
  readonly client?: ClientSummary | undefined;
  /** POST with `token`. */
  readonly form: FormTarget;
};

/** Where the link leads: mail programs that look at it sign nobody in. */
export function EmailLinkPage({ client, form }: EmailLinkPageProps) {
  const text = useMessages('emailLink');
  const login = useMessages('login');
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      {client && <p class="lead">{login.continueTo({ client: <Name>{client.name}</Name> })}</p>}
      <Form target={form} class="stack">
        <button type="submit" class="button button-wide" name="confirm" value="yes">
          {text.submit}
        </button>
      </Form>
      {client && <ClientLinks client={client} />}
    </CardPage>
  );
}

/** The link was opened in another browser than the one that asked, or later. */
export function EmailLinkElsewherePage() {
  const text = useMessages('emailLink');
  return (
    <CardPage title={text.elsewhereTitle}>
      <h1>{text.elsewhereTitle}</h1>
      <p class="lead">{text.elsewhere}</p>
      <p>{text.surprise}</p>
    </CardPage>
  );
}
