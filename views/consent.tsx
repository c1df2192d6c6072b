import { ClientLinks } from './client-links.tsx';
import { Form, Notice } from './form.tsx';
import { CardPage } from './layout.tsx';
import { useMessages } from './look.ts';
import type { Messages } from './messages/catalogue.ts';
import { PersonCard, SwitchAccount } from './person.tsx';
import { Name } from './phrase.tsx';
import type { ClientSummary, FormTarget, PersonSummary } from './site.ts';

type Text = Messages<'consent'>;

/** A scope as it is asked for. The standard ones are explained here; for others the door gives the description. */
export type ConsentScope = {
  readonly value: string;
  readonly description?: string | undefined;
  readonly isNew?: boolean | undefined;
};

export type ConsentResourceServer = {
  readonly name: string;
  readonly identifier: string;
  readonly permissions: readonly ConsentScope[];
};

export type ConsentPageProps = {
  /** POST with `decision=approve` or `decision=deny`. */
  readonly form: FormTarget;
  readonly client: ClientSummary;
  readonly person: PersonSummary;
  readonly scopes: readonly ConsentScope[];
  /** Single claims asked for by the `claims` parameter (OpenID Connect Core §5.5), by name. */
  readonly claims?: readonly string[] | undefined;
  readonly resourceServers: readonly ConsentResourceServer[];
  /** POST with `switch=yes`. */
  readonly switchAccount?: FormTarget | undefined;
  readonly problem?: 'form_expired' | undefined;
};

const isStandardScope = (scopes: Text['scopes'], value: string): value is keyof Text['scopes'] =>
  Object.hasOwn(scopes, value);

function scopeWords(
  text: Text,
  { value, description }: ConsentScope,
): { readonly name: string; readonly detail: string } {
  if (isStandardScope(text.scopes, value)) return text.scopes[value];
  return { name: description || text.unknownScope({ scope: value }), detail: description ? value : '' };
}

function Tick() {
  return (
    <svg class="tick" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d="M4.5 10.5l3.6 3.6 7.4-8" />
    </svg>
  );
}

export function ScopeList({ scopes }: { readonly scopes: readonly ConsentScope[] }) {
  const text = useMessages('consent');
  return (
    <ul class="grants">
      {scopes.map((scope) => {
        const { name, detail } = scopeWords(text, scope);
        return (
          <li key={scope.value}>
            <Tick />
            <div>
              <p class="grant-name">
                <bdi>{name}</bdi>
                {scope.isNew && <span class="tag">{text.isNew}</span>}
              </p>
              {detail && (
                <p class="grant-detail">
                  <bdi>{detail}</bdi>
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Asked({ client, scopes, claims, resourceServers }: ConsentPageProps) {
  const text = useMessages('consent');
  return (
    <>
      {scopes.length > 0 && (
        <section>
          <h2>{text.willKnow({ client: <bdi>{client.name}</bdi> })}</h2>
          <ScopeList scopes={scopes} />
        </section>
      )}
      {claims && claims.length > 0 && (
        <section>
          <h2>{text.claims}</h2>
          <ul class="claims">
            {claims.map((claim) => (
              <li key={claim}>
                <code>{claim}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      {resourceServers.map((server) => (
        <section key={server.identifier}>
          <h2>{text.inResource({ resource: <bdi>{server.name}</bdi> })}</h2>
          <p class="hint">
            <bdi>{server.identifier}</bdi>
          </p>
          <ScopeList scopes={server.permissions} />
        </section>
      ))}
    </>
  );
}

/** DESIGN §8: the consent page names the client; `decision` is `approve` or `deny`; the first button goes on. */
export function ConsentPage(props: ConsentPageProps) {
  const text = useMessages('consent');
  const { form, client, problem } = props;
  return (
    <CardPage title={text.title({ client: client.name })}>
      <h1>{text.heading({ client: <bdi>{client.name}</bdi> })}</h1>
      {client.destination && <p class="lead">{text.destination({ host: <Name>{client.destination}</Name> })}</p>}
      {problem && (
        <Notice tone="error">
          <p>{text.formExpired}</p>
        </Notice>
      )}
      <PersonCard person={props.person} />
      <Asked {...props} />
      <Form target={form} class="decision">
        <button type="submit" class="button" name="decision" value="approve">
          {text.approve}
        </button>
        <button type="submit" class="button button-quiet" name="decision" value="deny">
          {text.deny}
        </button>
      </Form>
      {props.switchAccount && (
        <div class="card-actions">
          <SwitchAccount target={props.switchAccount} />
        </div>
      )}
      <p class="fine-print">{text.fine}</p>
      <ClientLinks client={client} />
    </CardPage>
  );
}
