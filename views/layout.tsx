import type { ComponentChildren } from 'preact';
import { assetUrl } from './assets.ts';
import { Mark } from './mark.tsx';
import type { PersonSummary, SitePage } from './site.ts';
import { sitePaths } from './site.ts';

const text = {
  product: 'Doorward',
  skip: 'Skip to the content',
  navigation: 'Main',
  home: 'Start',
  account: 'Account',
  integrate: 'Connect an app',
  apiReference: 'API',
  devMail: 'Mail',
  signedInAs: 'Signed in as',
  footer: 'Identity and access by Doorward',
};

type DocumentProps = {
  readonly title: string;
  readonly layout: 'card' | 'site';
  readonly script?: 'submit.js' | undefined;
  readonly children: ComponentChildren;
};

function Document({ title, layout, script, children }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · ${text.product}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="stylesheet" href={assetUrl('doorward.css')} />
        <link rel="icon" type="image/svg+xml" href={assetUrl('favicon.svg')} />
        {script && <script src={assetUrl(script)} defer />}
      </head>
      <body class={layout}>
        <a class="skip" href="#main">
          {text.skip}
        </a>
        {children}
        <footer class="page-footer">
          <p>{text.footer}</p>
        </footer>
      </body>
    </html>
  );
}

type CardPageProps = {
  readonly title: string;
  /** The one script there is: it presses the only button of a page that posts itself. */
  readonly script?: 'submit.js' | undefined;
  readonly children: ComponentChildren;
};

/** A step of a flow: one card, nothing that leads away from it. The children hold the page's `h1`. */
export function CardPage({ title, script, children }: CardPageProps) {
  return (
    <Document title={title} layout="card" script={script}>
      <header class="card-header">
        <span class="brand">
          <Mark size={36} />
          <span class="brand-name">{text.product}</span>
        </span>
      </header>
      <main id="main" class="card-body" tabIndex={-1}>
        {children}
      </main>
    </Document>
  );
}

type SitePageProps = {
  readonly title: string;
  readonly current?: SitePage | undefined;
  readonly person?: PersonSummary | undefined;
  readonly children: ComponentChildren;
};

const navigation = ['home', 'account', 'integrate', 'apiReference'] as const;

/** A page of the site around the flows, with navigation. The children hold the page's `h1`. */
export function SiteLayout({ title, current, person, children }: SitePageProps) {
  return (
    <Document title={title} layout="site">
      <header class="site-header">
        <div class="site-header-row">
          <a class="brand" href={sitePaths.home}>
            <Mark size={32} />
            <span class="brand-name">{text.product}</span>
          </a>
          <nav aria-label={text.navigation}>
            <ul class="nav">
              {navigation.map((page) => (
                <li key={page}>
                  <a href={sitePaths[page]} {...(page === current ? { 'aria-current': 'page' as const } : {})}>
                    {text[page]}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          {person && (
            <p class="whoami">
              <span class="visually-hidden">{text.signedInAs} </span>
              <bdi>{person.displayName}</bdi>
            </p>
          )}
        </div>
      </header>
      <main id="main" class="site-body" tabIndex={-1}>
        {children}
      </main>
    </Document>
  );
}
