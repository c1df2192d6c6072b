import { ClientLinks } from '../client-links.tsx';
import { Field, Form, Notice, RequestId } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { PersonCard, SwitchAccount } from '../person.tsx';
import { fill, Phrase } from '../phrase.tsx';
import { safeUrl } from '../safe-url.ts';
import type { ClientSummary, FormTarget, PersonSummary } from '../site.ts';
import { waitTime } from '../wait-time.ts';

const text = {
  totp: {
    title: 'Enter your code',
    errorTitle: 'Error: Enter your code',
    lead: 'Open your authenticator app and enter the six digits it shows for this account.',
    label: 'Code',
    otherWay: 'Use a recovery code instead',
  },
  recovery_code: {
    title: 'Enter a recovery code',
    errorTitle: 'Error: Enter a recovery code',
    lead: 'Enter one of the recovery codes you kept. It is used up with this.',
    label: 'Recovery code',
    otherWay: 'Use your authenticator app instead',
  },
  submit: 'Continue',
  cancel: 'Cancel and return to {client}',
  cancelHere: 'Cancel',
  reference: 'Reference for your administrator:',
  problem: {
    wrong_code: {
      title: 'That code did not work',
      body: 'Each code counts once and for a short time. Enter the newest one. Does your device show the right time?',
    },
    code_missing: { title: 'The code is missing', body: 'Enter the code.' },
    form_expired: { title: 'This page had been open too long', body: 'Please enter the code again.' },
    throttled: {
      title: 'Too many attempts',
      body: 'To keep this account safe, wait {wait} and try again. You are not locked out.',
    },
  },
};

export type CodeProblem =
  | { readonly kind: 'wrong_code' | 'code_missing' | 'form_expired' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

export type CodePageProps = {
  readonly kind: 'totp' | 'recovery_code';
  /** POST with `code`. */
  readonly form: FormTarget;
  readonly client?: ClientSummary | undefined;
  /** Whose first factor was verified. */
  readonly person: PersonSummary;
  readonly problem?: CodeProblem | undefined;
  readonly requestId?: string | undefined;
  /** The page of the other kind. */
  readonly otherWayUrl: string;
  /** POST with `switch=yes`. */
  readonly switchAccount: FormTarget;
  /** POST with `cancel=yes`; goes back to the client with access_denied. */
  readonly cancel: FormTarget;
};

function ProblemNotice({ problem, requestId }: { problem: CodeProblem; requestId: string | undefined }) {
  const { title, body } = text.problem[problem.kind];
  const wait = 'retryAfterSeconds' in problem ? waitTime(problem.retryAfterSeconds) : '';
  return (
    <Notice tone={'retryAfterSeconds' in problem ? 'wait' : 'error'} id="problem" title={title}>
      <p>{fill(body, { wait })}</p>
      {requestId && <RequestId label={text.reference} id={requestId} />}
    </Notice>
  );
}

/** The second factor of a sign-in: one field, `code`, without JavaScript. */
export function CodePage({ kind, form, client, person, problem, requestId, ...page }: CodePageProps) {
  const words = text[kind];
  const otherWay = safeUrl(page.otherWayUrl);
  return (
    <CardPage title={problem ? words.errorTitle : words.title}>
      <h1>{words.title}</h1>
      {problem && <ProblemNotice problem={problem} requestId={requestId} />}
      <PersonCard person={person} />
      <Form target={form} class="stack">
        <Field
          name="code"
          label={words.label}
          hint={words.lead}
          autoComplete={kind === 'totp' ? 'one-time-code' : 'off'}
          inputMode={kind === 'totp' ? 'numeric' : undefined}
          isInvalid={problem?.kind === 'wrong_code' || problem?.kind === 'code_missing'}
          autoFocus
          {...(problem ? { describedBy: 'problem' } : {})}
        />
        <button type="submit" class="button button-wide">
          {text.submit}
        </button>
      </Form>
      <div class="card-actions">
        {otherWay && <a href={otherWay}>{words.otherWay}</a>}
        <SwitchAccount target={page.switchAccount} />
        <Form target={page.cancel}>
          <button type="submit" class="link-button" name="cancel" value="yes">
            {client ? <Phrase text={text.cancel} with={{ client: <bdi>{client.name}</bdi> }} /> : text.cancelHere}
          </button>
        </Form>
      </div>
      {client && <ClientLinks client={client} />}
    </CardPage>
  );
}
