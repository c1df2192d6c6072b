import type { ComponentChildren } from 'preact';
import { assetUrl } from './assets.ts';
import { type Brand, brandLinks, isWordmark, plainBrand } from './brand.ts';
import { BrandMark } from './brand-mark.tsx';
import { InEnglish, useLook, useMessages } from './look.ts';
import { languageNames, languages } from './messages/languages.ts';
import { safeUrl } from './safe-url.ts';
import type { PersonSummary, SitePage } from './site.ts';
import { sitePaths } from './site.ts';

/** `submit.js` presses the only button of a page that posts itself; `passkey.js` asks for a passkey. */
type Script = 'submit.js' | 'passkey.js';

type DocumentProps = {
  readonly title: string;
  readonly layout: 'card' | 'site';
  readonly script?: Script | undefined;
  readonly children: ComponentChildren;
};

function Document({ title, layout, script, children }: DocumentProps) {
  const text = useMessages('layout');
  const {
    catalogue: { language },
    brand = plainBrand,
  } = useLook();
  return (
    <html lang={language} dir={languages[language].direction}>
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · ${text.product}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="stylesheet" href={assetUrl('doorward.css')} />
        {brand.stylesheets.map((url) => (
          <link key={url} rel="stylesheet" href={url} />
        ))}
        <Icon brand={brand} />
        {script && <script src={assetUrl(script)} defer />}
      </head>
      <body class={layout}>
        <a class="skip" href="#main">
          {text.skip}
        </a>
        {children}
        <footer class="page-footer">
          <Languages />
          <BrandLinks brand={brand} />
          <p>{text.footer}</p>
        </footer>
      </body>
    </html>
  );
}

function Icon({ brand: { logo } }: { readonly brand: Brand }) {
  return logo && !isWordmark(logo.light) ? (
    <link rel="icon" href={logo.light.url} />
  ) : (
    <link rel="icon" type="image/svg+xml" href={assetUrl('favicon.svg')} />
  );
}

function BrandLinks({ brand: { links } }: { readonly brand: Brand }) {
  const { links: text } = useMessages('layout');
  const shown = brandLinks.flatMap((name) => {
    const href = safeUrl(links[name]);
    return href === undefined ? [] : [{ name, href }];
  });
  if (shown.length === 0) return null;
  return (
    <ul class="languages">
      {shown.map(({ name, href }) => (
        <li key={name}>
          <a href={href} rel="noreferrer">
            {text[name]}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The page in another language: links, so that the choice needs no script and the page's own form stays the only one. */
function Languages() {
  const { languages: label } = useMessages('layout');
  const { catalogue, inLanguage } = useLook();
  if (!inLanguage) return null;
  return (
    <nav aria-label={label}>
      <ul class="languages">
        {languageNames.map((language) => (
          <li key={language}>
            <a
              href={inLanguage(language)}
              lang={language}
              hreflang={language}
              dir={languages[language].direction}
              {...(language === catalogue.language ? { 'aria-current': 'true' as const } : {})}
            >
              {languages[language].name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

type CardPageProps = {
  readonly title: string;
  readonly script?: Script | undefined;
  readonly children: ComponentChildren;
};

/** A step of a flow: one card, nothing that leads away from it. The children hold the page's `h1`. */
export function CardPage({ title, script, children }: CardPageProps) {
  return (
    <Document title={title} layout="card" script={script}>
      <header class="card-header">
        <span class="brand">
          <BrandMark size={36} />
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
  readonly script?: Script | undefined;
  readonly children: ComponentChildren;
};

const navigation = ['home', 'account', 'integrate', 'apiReference'] as const;

/** A page of the site around the flows, with navigation. The children hold the page's `h1`. */
export function SiteLayout({ title, current, person, script, children }: SitePageProps) {
  const text = useMessages('layout');
  const common = useMessages('common');
  return (
    <Document title={title} layout="site" script={script}>
      <header class="site-header">
        <div class="site-header-row">
          <a class="brand" href={sitePaths.home}>
            <BrandMark size={32} />
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
              <span class="visually-hidden">{common.signedInAs} </span>
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

/** For developers and operators: written in English alone, as what such a page speaks of is. */
export function EnglishSiteLayout(props: SitePageProps) {
  return (
    <InEnglish>
      <SiteLayout {...props} />
    </InEnglish>
  );
}
