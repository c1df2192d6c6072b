import type { ComponentChildren } from 'preact';
import { SiteLayout } from './layout.tsx';
import { Link } from './link.tsx';
import { useMessages } from './look.ts';
import type { Messages } from './messages/catalogue.ts';
import { Name } from './phrase.tsx';
import { safeUrl } from './safe-url.ts';
import type { PersonSummary } from './site.ts';
import { sitePaths } from './site.ts';

export type ExampleApp = {
  readonly id: keyof Messages<'start'>['example'];
  /** What to type into a terminal. */
  readonly command: string;
  /** Where it then is, for examples that have pages. */
  readonly url?: string | undefined;
};

export type StartPageProps = {
  readonly issuer: string;
  readonly discoveryUrl: string;
  /** Where "Sign in" leads. */
  readonly signInUrl: string;
  readonly person?: PersonSummary | undefined;
  readonly setUp:
    | { readonly state: 'ready' }
    | { readonly state: 'administrator_missing'; readonly newLinkCommand: string };
  readonly examples: readonly ExampleApp[];
  /** True while mails are kept and shown under /dev/mail. */
  readonly keepsMail: boolean;
};

function Panel({ title, id, children }: { title: string; id: string; children: ComponentChildren }) {
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

function Who({ person, signInUrl }: Pick<StartPageProps, 'person' | 'signInUrl'>) {
  const text = useMessages('start');
  const common = useMessages('common');
  return (
    <Panel title={text.who} id="who">
      <p>{person ? text.signedIn({ person: <Name>{person.displayName}</Name> }) : text.signedOut}</p>
      <p class="buttons">
        {person ? (
          <>
            <a class="button" href={sitePaths.account}>
              {text.account}
            </a>
            <a class="button button-quiet" href={sitePaths.logout}>
              {text.signOut}
            </a>
          </>
        ) : (
          <Link class="button" href={signInUrl}>
            {common.signIn}
          </Link>
        )}
      </p>
    </Panel>
  );
}

function SetUp({ newLinkCommand, signInUrl }: { newLinkCommand: string; signInUrl: string }) {
  const text = useMessages('start');
  return (
    <Panel title={text.setUp} id="set-up">
      <ol class="steps">
        <li>{text.setUpLink}</li>
        <li>{text.setUpPassword}</li>
        <li>
          <Link href={signInUrl}>{text.setUpSignIn}</Link>
        </li>
      </ol>
      <p class="hint">{text.setUpLost}</p>
      <pre class="command wrapped">
        <code>{newLinkCommand}</code>
      </pre>
    </Panel>
  );
}

function Addresses({ issuer, discoveryUrl }: Pick<StartPageProps, 'issuer' | 'discoveryUrl'>) {
  const text = useMessages('start');
  return (
    <Panel title={text.issuer} id="addresses">
      <dl class="facts">
        <dt>{text.issuerTerm}</dt>
        <dd>
          <code>{issuer}</code>
        </dd>
        <dt>{text.discoveryTerm}</dt>
        <dd>
          <Link href={discoveryUrl}>
            <code>{discoveryUrl}</code>
          </Link>
        </dd>
      </dl>
      <p class="hint">{text.issuerHint}</p>
    </Panel>
  );
}

function Examples({ examples }: Pick<StartPageProps, 'examples'>) {
  const text = useMessages('start');
  return (
    <Panel title={text.examples} id="examples">
      <p class="hint">{text.examplesHint}</p>
      <ul class="examples">
        {examples.map(({ id, command, url }) => (
          <li key={id}>
            <h3>{text.example[id].name}</h3>
            <p>{text.example[id].description}</p>
            <pre class="command wrapped">
              <code>{command}</code>
            </pre>
            {safeUrl(url) && <p class="hint">{text.open({ url: <Link href={url}>{url}</Link> })}</p>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Steps({ keepsMail }: Pick<StartPageProps, 'keepsMail'>) {
  const text = useMessages('start');
  const { step } = text;
  const links = [
    { ...step.examples, path: '#examples' },
    { ...step.integrate, path: sitePaths.integrate },
    { ...step.api, path: sitePaths.apiReference },
  ];
  return (
    <Panel title={text.steps} id="steps">
      <ul class="links">
        {links.map(({ name, detail, path }) => (
          <li key={name}>
            <a href={path}>{name}</a>
            <p class="hint">{detail}</p>
          </li>
        ))}
        {keepsMail && (
          <li>
            <a href={sitePaths.devMail}>{text.mailLink}</a>
            <p class="hint">{text.mail}</p>
          </li>
        )}
      </ul>
    </Panel>
  );
}

/** `/`: all that a newcomer needs. Until there is an administrator, how to make one comes first. */
export function StartPage({ person, setUp, ...page }: StartPageProps) {
  const text = useMessages('start');
  const product = { product: useMessages('layout').product };
  const isNew = setUp.state === 'administrator_missing';
  return (
    <SiteLayout title={text.title} current="home" person={person}>
      <div class="hero">
        <h1>{isNew ? text.newHeading(product) : text.heading(product)}</h1>
        <p class="lead">{isNew ? text.newLead : text.lead(product)}</p>
      </div>
      <div class="columns">
        {setUp.state === 'administrator_missing' ? (
          <SetUp newLinkCommand={setUp.newLinkCommand} signInUrl={page.signInUrl} />
        ) : (
          <Who signInUrl={page.signInUrl} person={person} />
        )}
        <Addresses issuer={page.issuer} discoveryUrl={page.discoveryUrl} />
      </div>
      <Steps keepsMail={page.keepsMail} />
      <Examples examples={page.examples} />
    </SiteLayout>
  );
}
