import { Form, RequestId } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import { PersonCard, SwitchAccount } from '../person.tsx';
import { Name } from '../phrase.tsx';
import { type ClientSummary, type FormTarget, type PersonSummary, sitePaths } from '../site.ts';

type PolicyHoldProps = {
  /** Absent for the account pages. */
  readonly client: ClientSummary | undefined;
  readonly person: PersonSummary;
  /** POST with `switch=yes`. */
  readonly switchAccount: FormTarget;
  /** POST with `cancel=yes`; the application is told access_denied. */
  readonly cancel: FormTarget;
};

type PolicyDeniedPageProps = PolicyHoldProps & {
  /** In the words of whoever wrote the policy. */
  readonly reason: string;
  readonly requestId?: string | undefined;
};

/** A sign-in policy refuses: why, and the way back. */
export function PolicyDeniedPage({ reason, client, person, requestId, ...ways }: PolicyDeniedPageProps) {
  const text = useMessages('policyHold').denied;
  const common = useMessages('common');
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{client ? text.lead({ client: <Name>{client.name}</Name> }) : text.leadHere}</p>
      <blockquote>
        <p>
          <bdi>{reason}</bdi>
        </p>
      </blockquote>
      <PersonCard person={person} />
      <p class="hint">{text.help}</p>
      {requestId && <RequestId label={common.reference} id={requestId} />}
      <WaysOut client={client} {...ways} />
    </CardPage>
  );
}

type PolicyFactorPageProps = PolicyHoldProps & {
  readonly factors: 'two_factors' | 'passkey';
  /** Where the sign-in goes on. */
  readonly again: string;
};

/** A sign-in policy asks for a factor that the person has yet to set up. */
export function PolicyFactorPage({ factors, client, person, again, ...ways }: PolicyFactorPageProps) {
  const text = useMessages('policyHold').factor;
  const name = <Name>{client?.name ?? ''}</Name>;
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text[factors]({ client: name })}</p>
      <PersonCard person={person} />
      <ol class="stack">
        <li>
          <a
            href={factors === 'passkey' ? sitePaths.passkeys : sitePaths.secondFactors}
            target="_blank"
            rel="noopener noreferrer"
          >
            {text.setUp}
          </a>
        </li>
        <li>{text.thenGoOn}</li>
      </ol>
      <Link class="button button-wide" href={again}>
        {text.goOn}
      </Link>
      <WaysOut client={client} {...ways} />
    </CardPage>
  );
}

function WaysOut({ client, switchAccount, cancel }: Omit<PolicyHoldProps, 'person'>) {
  const common = useMessages('common');
  return (
    <div class="card-actions">
      <Form target={cancel}>
        <button type="submit" class="link-button" name="cancel" value="yes">
          {client ? common.backTo({ client: <bdi>{client.name}</bdi> }) : common.cancel}
        </button>
      </Form>
      <SwitchAccount target={switchAccount} />
    </div>
  );
}
