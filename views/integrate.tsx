import { CodeBlock } from './code-block.tsx';
import type { Snippets } from './integrate-snippets.ts';
import { APPLY, apiSnippets, serviceSnippets, spaSnippets, webAppSnippets } from './integrate-snippets.ts';
import { SiteLayout } from './layout.tsx';
import { Link } from './link.tsx';
import { useMessages } from './look.ts';
import type { Messages } from './messages/catalogue.ts';
import type { PersonSummary } from './site.ts';
import { sitePaths } from './site.ts';

const scopes = [
  { scope: 'openid', gives: 'openid' },
  { scope: 'profile', gives: 'profile' },
  { scope: 'email', gives: 'email' },
  { scope: 'address, phone', gives: 'contact' },
  { scope: 'roles, groups', gives: 'memberships' },
  { scope: 'permissions', gives: 'permissions' },
  { scope: 'offline_access', gives: 'offline' },
] as const;

export type IntegratePageProps = {
  readonly issuer: string;
  readonly discoveryUrl: string;
  readonly person?: PersonSummary | undefined;
};

const apiIdentifier = 'https://api.example.com';

type KindName = keyof Messages<'integrate'>['kinds'];

function Kind({ kind, snippets }: { readonly kind: KindName; readonly snippets: Snippets }) {
  const text = useMessages('integrate');
  const { title, lead } = text.kinds[kind];
  return (
    <section class="panel" id={kind} aria-labelledby={`${kind}-title`}>
      <h2 id={`${kind}-title`}>{title}</h2>
      <p>{lead}</p>
      <h3>{text.register}</h3>
      <CodeBlock label={text.label({ kind: title, step: text.register })} code={snippets.register} />
      <h3>{text.copy}</h3>
      <CodeBlock label={text.label({ kind: title, step: text.copy })} code={snippets.copy} />
    </section>
  );
}

function Scopes() {
  const text = useMessages('integrate');
  return (
    <section class="panel" aria-labelledby="scopes-title">
      <h2 id="scopes-title">{text.scopes}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.scope}</th>
            <th scope="col">{text.gives}</th>
          </tr>
        </thead>
        <tbody>
          {scopes.map(({ scope, gives }) => (
            <tr key={scope}>
              <td>
                <code>{scope}</code>
              </td>
              <td>{text.scopeList[gives]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Basics({ issuer, discoveryUrl }: Pick<IntegratePageProps, 'issuer' | 'discoveryUrl'>) {
  const text = useMessages('integrate');
  return (
    <div class="columns">
      <section class="panel" aria-labelledby="address-title">
        <h2 id="address-title">{text.address}</h2>
        <dl class="facts">
          <dt>{text.issuer}</dt>
          <dd>
            <code>{issuer}</code>
          </dd>
          <dt>{text.discovery}</dt>
          <dd>
            <Link href={discoveryUrl}>
              <code>{discoveryUrl}</code>
            </Link>
          </dd>
        </dl>
      </section>
      <section class="panel" aria-labelledby="apply-title">
        <h2 id="apply-title">{text.applyTitle}</h2>
        <p>{text.registerHint}</p>
        <pre class="command wrapped">
          <code>{APPLY}</code>
        </pre>
        <p class="hint">
          {text.applyDry} <a href={sitePaths.apiReference}>{text.reference}</a>
        </p>
      </section>
    </div>
  );
}

/** How to connect an application, on one page. */
export function IntegratePage({ issuer, discoveryUrl, person }: IntegratePageProps) {
  const text = useMessages('integrate');
  const addresses = { issuer, apiIdentifier };
  return (
    <SiteLayout title={text.title} current="integrate" person={person}>
      <div class="hero">
        <h1>{text.title}</h1>
        <p class="lead">{text.lead}</p>
      </div>
      <Basics issuer={issuer} discoveryUrl={discoveryUrl} />
      <Kind kind="web" snippets={webAppSnippets(addresses)} />
      <Kind kind="spa" snippets={spaSnippets(addresses)} />
      <Kind kind="service" snippets={serviceSnippets(addresses)} />
      <Kind kind="api" snippets={apiSnippets(addresses)} />
      <Scopes />
    </SiteLayout>
  );
}
