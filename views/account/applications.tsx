import { ClientLinks } from '../client-links.tsx';
import { type ConsentResourceServer, type ConsentScope, ScopeList } from '../consent.tsx';
import { Form, Notice } from '../form.tsx';
import { Link } from '../link.tsx';
import { fill, Name, Phrase } from '../phrase.tsx';
import type { ClientSummary, FormTarget, PersonSummary } from '../site.ts';
import { AccountLayout } from './layout.tsx';

const text = {
  title: 'Applications',
  errorTitle: 'Error: Applications',
  lead: 'What these applications may see of you, or do in your name.',
  none: 'No application is connected to your account.',
  since: 'Since {date}',
  firstParty: 'of your organization',
  inResource: 'In {resource} it may',
  claims: 'It also sees these details about you',
  withdraw: 'Disconnect',
  withdrawThis: 'Disconnect {client}',
  withdrawHint: 'It loses its access now, and has to ask you the next time.',
  firstPartyHint: 'It loses its access now. You can sign in to it again without being asked.',
  notice: {
    withdrawn: 'The application is disconnected.',
    form_expired: 'This page had been open too long. Please try again.',
  },
};

export type ShownApplication = {
  readonly clientId: string;
  readonly client: ClientSummary;
  readonly isFirstParty: boolean;
  /** In words. */
  readonly since: string;
  readonly scopes: readonly ConsentScope[];
  readonly claims: readonly string[];
  readonly resourceServers: readonly ConsentResourceServer[];
};

export type ApplicationsPageProps = {
  readonly person: PersonSummary;
  readonly applications: readonly ShownApplication[];
  /** POST with `client`. */
  readonly withdraw: FormTarget;
  readonly notice?: keyof typeof text.notice | undefined;
};

function Allowed({ scopes, claims, resourceServers }: ShownApplication) {
  return (
    <>
      {scopes.length > 0 && <ScopeList scopes={scopes} />}
      {claims.length > 0 && (
        <>
          <h3>{text.claims}</h3>
          <ul class="claims">
            {claims.map((claim) => (
              <li key={claim}>
                <code>{claim}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      {resourceServers.map(({ identifier, name, permissions }) => (
        <div key={identifier} class="stack">
          <h3>
            <Phrase text={text.inResource} with={{ resource: <bdi>{name}</bdi> }} />
          </h3>
          <ScopeList scopes={permissions} />
        </div>
      ))}
    </>
  );
}

function Application({ application, withdraw }: { application: ShownApplication; withdraw: FormTarget }) {
  const { clientId, client, isFirstParty, since } = application;
  return (
    <li class="panel">
      <h2>
        <Link href={client.clientUri}>
          <Name>{client.name}</Name>
        </Link>{' '}
        {isFirstParty && <span class="tag">{text.firstParty}</span>}
      </h2>
      <p class="hint">{fill(text.since, { date: since })}</p>
      <Allowed {...application} />
      <ClientLinks client={client} />
      <p class="hint">{isFirstParty ? text.firstPartyHint : text.withdrawHint}</p>
      <Form target={{ ...withdraw, fields: [{ name: 'client', value: clientId }] }}>
        <button type="submit" class="button button-quiet" aria-label={fill(text.withdrawThis, { client: client.name })}>
          {text.withdraw}
        </button>
      </Form>
    </li>
  );
}

/** `/account/applications`: what may see or do something in my name. */
export function ApplicationsPage({ person, applications, withdraw, notice }: ApplicationsPageProps) {
  const isProblem = notice === 'form_expired';
  return (
    <AccountLayout title={isProblem ? text.errorTitle : text.title} section="applications" person={person}>
      <h1>{text.title}</h1>
      <p class="lead">{applications.length === 0 ? text.none : text.lead}</p>
      {notice && (
        <Notice tone={isProblem ? 'wait' : 'good'}>
          <p>{text.notice[notice]}</p>
        </Notice>
      )}
      {applications.length > 0 && (
        <ul class="columns columns-top">
          {applications.map((application) => (
            <Application key={application.clientId} application={application} withdraw={withdraw} />
          ))}
        </ul>
      )}
    </AccountLayout>
  );
}
