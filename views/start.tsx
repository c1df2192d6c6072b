import type { ComponentChildren } from 'preact';
import { SiteLayout } from './layout.tsx';
import { Link } from './link.tsx';
import { Name, Phrase } from './phrase.tsx';
import { safeUrl } from './safe-url.ts';
import type { PersonSummary } from './site.ts';
import { sitePaths } from './site.ts';

const text = {
  title: 'Start',
  heading: 'Doorward is running',
  lead: 'Doorward signs people in to your applications and tells each application what they may do there.',
  newHeading: 'Welcome to Doorward',
  newLead: 'It is running. One thing is missing: an administrator, the first person who may sign in.',
  who: 'Who am I?',
  signedIn: 'You are signed in as {person}.',
  signedOut: 'You are not signed in.',
  signIn: 'Sign in',
  account: 'My account',
  signOut: 'Sign out',
  setUp: 'Create the administrator',
  setUpLink: 'Find the one-time link in the terminal where Doorward was started, and open it in this browser.',
  setUpPassword: 'Choose a password. The link then stops working.',
  setUpSignIn: 'Come back here and sign in.',
  setUpLost: 'The link is gone? Make a new one:',
  issuer: 'Address of this server',
  issuerTerm: 'Issuer',
  discoveryTerm: 'Discovery',
  issuerHint: 'Client libraries ask for one of these and find everything else by themselves.',
  steps: 'First steps',
  step: [
    {
      name: 'Try an example',
      detail: 'Each one below runs with a single command beside this server.',
      path: '#examples',
    },
    {
      name: 'Connect your own app',
      detail: 'What to register and what to copy, on one page.',
      path: sitePaths.integrate,
    },
    {
      name: 'Provision people and roles',
      detail: 'With the admin API, from your own tools.',
      path: sitePaths.apiReference,
    },
  ],
  mail: 'Mails are kept, not sent, while no mail server is configured.',
  mailLink: 'Read kept mail',
  examples: 'Examples',
  examplesHint: 'Run the command in a second terminal, in the folder where Doorward was started.',
  open: 'Then open {url}',
};

export type ExampleApp = {
  readonly name: string;
  readonly description: string;
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
  return (
    <Panel title={text.who} id="who">
      <p>
        {person ? <Phrase text={text.signedIn} with={{ person: <Name>{person.displayName}</Name> }} /> : text.signedOut}
      </p>
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
            {text.signIn}
          </Link>
        )}
      </p>
    </Panel>
  );
}

function SetUp({ newLinkCommand, signInUrl }: { newLinkCommand: string; signInUrl: string }) {
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
  return (
    <Panel title={text.examples} id="examples">
      <p class="hint">{text.examplesHint}</p>
      <ul class="examples">
        {examples.map(({ name, description, command, url }) => (
          <li key={name}>
            <h3>{name}</h3>
            <p>{description}</p>
            <pre class="command wrapped">
              <code>{command}</code>
            </pre>
            {safeUrl(url) && (
              <p class="hint">
                <Phrase text={text.open} with={{ url: <Link href={url}>{url}</Link> }} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Steps({ keepsMail }: Pick<StartPageProps, 'keepsMail'>) {
  return (
    <Panel title={text.steps} id="steps">
      <ul class="links">
        {text.step.map(({ name, detail, path }) => (
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
  const isNew = setUp.state === 'administrator_missing';
  return (
    <SiteLayout title={text.title} current="home" person={person}>
      <div class="hero">
        <h1>{isNew ? text.newHeading : text.heading}</h1>
        <p class="lead">{isNew ? text.newLead : text.lead}</p>
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
