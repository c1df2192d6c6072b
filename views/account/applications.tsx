import { ClientLinks } from '../client-links.tsx';
import { type ConsentResourceServer, type ConsentScope, ScopeList } from '../consent.tsx';
import { Form, Notice } from '../form.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { Name } from '../phrase.tsx';
import type { ClientSummary, FormTarget, PersonSummary } from '../site.ts';
import { AccountLayout } from './layout.tsx';

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
  readonly notice?: keyof Messages<'applications'>['notice'] | undefined;
};

function Allowed({ scopes, claims, resourceServers }: ShownApplication) {
  const text = useMessages('applications');
  const { inResource } = useMessages('consent');
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
          <h3>{inResource({ resource: <bdi>{name}</bdi> })}</h3>
          <ScopeList scopes={permissions} />
        </div>
      ))}
    </>
  );
}

function Application({ application, withdraw }: { application: ShownApplication; withdraw: FormTarget }) {
  const text = useMessages('applications');
  const { clientId, client, isFirstParty, since } = application;
  return (
    <li class="panel">
      <h2>
        <Link href={client.clientUri}>
          <Name>{client.name}</Name>
        </Link>{' '}
        {isFirstParty && <span class="tag">{text.firstParty}</span>}
      </h2>
      <p class="hint">{text.since({ date: since })}</p>
      <Allowed {...application} />
      <ClientLinks client={client} />
      <p class="hint">{isFirstParty ? text.firstPartyHint : text.withdrawHint}</p>
      <Form target={{ ...withdraw, fields: [{ name: 'client', value: clientId }] }}>
        <button type="submit" class="button button-quiet" aria-label={text.withdrawThis({ client: client.name })}>
          {text.withdraw}
        </button>
      </Form>
    </li>
  );
}

/** `/account/applications`: what may see or do something in my name. */
export function ApplicationsPage({ person, applications, withdraw, notice }: ApplicationsPageProps) {
  const text = useMessages('applications');
  const common = useMessages('common');
  const isProblem = notice === 'form_expired';
  return (
    <AccountLayout
      title={isProblem ? common.errorTitle({ title: text.title }) : text.title}
      section="applications"
      person={person}
    >
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
