import { CodeBlock } from './code-block.tsx';
import type { Snippets } from './integrate-snippets.ts';
import { apiSnippets, serviceSnippets, spaSnippets, webAppSnippets } from './integrate-snippets.ts';
import { EnglishSiteLayout } from './layout.tsx';
import { Link } from './link.tsx';
import type { PersonSummary } from './site.ts';
import { sitePaths } from './site.ts';

const text = {
  title: 'Connect an app',
  lead: 'Three steps: register the application here, give its library the address below, and ask for what you need.',
  address: 'What every application needs',
  issuer: 'Issuer',
  discovery: 'Discovery',
  register: '1. Register',
  registerHint: 'Put this into a file, doorward.yaml, and apply it. Applying twice does no harm.',
  copy: '2. Copy into your code',
  apply: 'npx doorward apply -f doorward.yaml',
  applyTitle: 'Apply the file',
  applyDry: 'Add --dry-run to see the plan first. The admin API can register applications too.',
  kinds: {
    web: { title: 'A web app with a server', lead: 'Keeps a secret and a session of its own. Uses code with PKCE.' },
    spa: { title: 'A single-page app', lead: 'Runs in the browser, so it has no secret. Uses code with PKCE.' },
    service: { title: 'A service', lead: 'No person is there. Gets a token of its own by client credentials.' },
    api: { title: 'An API that checks tokens', lead: 'Accepts access tokens meant for it, and nothing else.' },
  },
  scopes: 'What you can ask for',
  scopeList: [
    ['openid', 'who signed in: the subject, nothing more'],
    ['profile', 'name, user name, picture, language, time zone'],
    ['email', 'e-mail address and whether it is verified'],
    ['address, phone', 'postal address; phone number'],
    ['roles, groups', 'names, as flat lists'],
    ['permissions', 'what the person may do in this application or API'],
    ['offline_access', 'a refresh token that outlives the session'],
  ],
  scope: 'Scope',
  gives: 'What it gives',
  reference: 'API reference',
};

export type IntegratePageProps = {
  readonly issuer: string;
  readonly discoveryUrl: string;
  readonly person?: PersonSummary | undefined;
};

const apiIdentifier = 'https://api.example.com';

type KindName = keyof typeof text.kinds;

function Kind({ kind, snippets }: { readonly kind: KindName; readonly snippets: Snippets }) {
  const { title, lead } = text.kinds[kind];
  return (
    <section class="panel" id={kind} aria-labelledby={`${kind}-title`}>
      <h2 id={`${kind}-title`}>{title}</h2>
      <p>{lead}</p>
      <h3>{text.register}</h3>
      <CodeBlock label={`${title}: ${text.register}`} code={snippets.register} />
      <h3>{text.copy}</h3>
      <CodeBlock label={`${title}: ${text.copy}`} code={snippets.copy} />
    </section>
  );
}

function Scopes() {
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
          {text.scopeList.map(([scope, gives]) => (
            <tr key={scope}>
              <td>
                <code>{scope}</code>
              </td>
              <td>{gives}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Basics({ issuer, discoveryUrl }: Pick<IntegratePageProps, 'issuer' | 'discoveryUrl'>) {
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
          <code>{text.apply}</code>
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
  const addresses = { issuer, apiIdentifier };
  return (
    <EnglishSiteLayout title={text.title} current="integrate" person={person}>
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
    </EnglishSiteLayout>
  );
}
