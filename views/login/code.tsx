import { ClientLinks } from '../client-links.tsx';
import { Field, Form, Notice, RequestId } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { PersonCard, SwitchAccount } from '../person.tsx';
import { safeUrl } from '../safe-url.ts';
import type { ClientSummary, FormTarget, PersonSummary } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';

export type CodeProblem =
  | { readonly kind: keyof Messages<'code'>['problem'] }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

export type CodePageProps = {
  readonly kind: 'totp' | 'recovery_code';
  /** It is in the place of a passkey: there is no app. */
  readonly isPasskey?: boolean | undefined;
  /** POST with `code`. */
  readonly form: FormTarget;
  readonly client?: ClientSummary | undefined;
  /** Whose first factor was verified. */
  readonly person: PersonSummary;
  readonly problem?: CodeProblem | undefined;
  readonly requestId?: string | undefined;
  /** Whoever wants is not asked here again for so long: `trust=yes`. */
  readonly trustDays?: number | undefined;
  /** A passkey may be offered after it, where the browser says that it can make one. */
  readonly mayOfferPasskey?: boolean | undefined;
  /** The page of the other kind. */
  readonly otherWayUrl: string;
  /** For whoever has neither. */
  readonly lostUrl?: string | undefined;
  /** POST with `switch=yes`. */
  readonly switchAccount: FormTarget;
  /** POST with `cancel=yes`; goes back to the client with access_denied. */
  readonly cancel: FormTarget;
};

function ProblemNotice({ problem, requestId }: { problem: CodeProblem; requestId: string | undefined }) {
  const text = useMessages('code');
  const common = useMessages('common');
  const waitTime = useWaitTime();
  const isWait = 'retryAfterSeconds' in problem;
  const { title } = isWait ? text.throttled : text.problem[problem.kind];
  return (
    <Notice tone={isWait ? 'wait' : 'error'} id="problem" title={title}>
      <p>
        {isWait ? text.throttled.body({ wait: waitTime(problem.retryAfterSeconds) }) : text.problem[problem.kind].body}
      </p>
      {requestId && <RequestId label={common.reference} id={requestId} />}
    </Notice>
  );
}

function Trust({ days }: { readonly days: number }) {
  const text = useMessages('code');
  return (
    <div class="check">
      <input type="checkbox" id="trust" name="trust" value="yes" aria-describedby="trust-hint" />
      <div>
        <label for="trust">{text.trust({ days })}</label>
        <p class="hint" id="trust-hint">
          {text.trustHint}
        </p>
      </div>
    </div>
  );
}

/** The second factor of a sign-in: one field, `code`, without JavaScript. */
export function CodePage({ kind, isPasskey, form, client, person, problem, requestId, ...page }: CodePageProps) {
  const words = useMessages('code')[kind];
  const common = useMessages('common');
  const lost = useMessages('lostFactor');
  const otherWay = safeUrl(page.otherWayUrl);
  const lostUrl = page.lostUrl && safeUrl(page.lostUrl);
  return (
    <CardPage
      title={problem ? common.errorTitle({ title: words.title }) : words.title}
      script={page.mayOfferPasskey ? 'passkey.js' : undefined}
    >
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
        {page.trustDays !== undefined && <Trust days={page.trustDays} />}
        <button type="submit" class="button button-wide">
          {common.goOn}
        </button>
      </Form>
      <div class="card-actions">
        {otherWay && <a href={otherWay}>{isPasskey ? lost.passkey.back : words.otherWay}</a>}
        {lostUrl && <a href={lostUrl}>{isPasskey ? lost.passkey.link : lost.link}</a>}
        <SwitchAccount target={page.switchAccount} />
        <Form target={page.cancel}>
          <button type="submit" class="link-button" name="cancel" value="yes">
            {client ? common.cancelTo({ client: <bdi>{client.name}</bdi> }) : common.cancel}
          </button>
        </Form>
      </div>
      {client && <ClientLinks client={client} />}
    </CardPage>
  );
}
