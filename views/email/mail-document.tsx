import type { CSSProperties } from 'preact';
import { type BrandLogo, contentIdOf, isWordmark } from '../brand.ts';
import { sizeOf } from '../brand-mark.tsx';
import { useLook, useMessages } from '../look.ts';
import { languages } from '../messages/languages.ts';
import { safeUrl } from '../safe-url.ts';
import type { MailBlock, MailContent } from './content.ts';
import { sheetFor, stylesFor } from './styles.ts';
import { footerLinks, footerText } from './words.ts';

const LOGO_HEIGHT = 32;

const useStyles = () => stylesFor(useLook().brand);

function Block({ block }: { readonly block: MailBlock }) {
  const styles = useStyles();
  switch (block.kind) {
    case 'text':
      return (
        <p class="text" style={styles.text}>
          {block.text}
        </p>
      );
    case 'button':
      return <Button {...block} />;
    case 'facts':
      return <Facts {...block} />;
    case 'note':
      return (
        <p class="note" style={styles.note}>
          {block.text}
        </p>
      );
    case 'note-link':
      return (
        <p class="note" style={styles.note}>
          {block.text}{' '}
          <a class="link" style={styles.link} href={safeUrl(block.url) ?? '#'}>
            {block.label}
          </a>
        </p>
      );
  }
}

function Button({ label, url }: { readonly label: string; readonly url: string }) {
  const styles = useStyles();
  const text = useMessages('mail');
  return (
    <>
      <p style={styles.buttonRow}>
        <a class="button" style={styles.button} href={safeUrl(url) ?? '#'}>
          {label}
        </a>
      </p>
      <p class="address" style={styles.address}>
        {text.address}
        <br />
        <a class="link" style={styles.link} href={safeUrl(url) ?? '#'}>
          {url}
        </a>
      </p>
    </>
  );
}

function Facts({ facts }: Extract<MailBlock, { kind: 'facts' }>) {
  const styles = useStyles();
  return (
    <table style={styles.facts}>
      <tbody>
        {facts.map(({ term, detail }) => (
          <tr key={term}>
            <th scope="row" class="term" style={styles.term}>
              {term}
            </th>
            <td class="detail" style={styles.detail}>
              <bdi>{detail}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The logo comes with the mail; programs that know no style sheets show the one for light screens. */
function BrandHeader() {
  const styles = useStyles();
  const { product } = useMessages('layout');
  const logo = useLook().brand?.logo;
  if (logo === undefined) return <>{product}</>;
  const isAlone = isWordmark(logo.light);
  const alt = isAlone ? product : '';
  return (
    <>
      <LogoImage logo={logo.light} alt={alt} style={styles.logo} {...(logo.dark && { className: 'light-logo' })} />
      {logo.dark && <LogoImage logo={logo.dark} alt={alt} style={styles.darkLogo} className="dark-logo" />}
      {!isAlone && product}
    </>
  );
}

type LogoImageProps = {
  readonly logo: BrandLogo;
  readonly alt: string;
  readonly style: CSSProperties;
  readonly className?: string;
};

const LogoImage = ({ logo, alt, style, className }: LogoImageProps) => (
  <img class={className} src={`cid:${contentIdOf(logo)}`} alt={alt} style={style} {...sizeOf(logo, LOGO_HEIGHT)} />
);

function FooterLinks() {
  const styles = useStyles();
  const { catalogue, brand } = useLook();
  const links = footerLinks(catalogue, brand);
  if (links.length === 0) return null;
  return (
    <div style={styles.footerLinks}>
      {links.map(({ label, url }) => (
        <a key={url} class="link" style={styles.footerLink} href={url}>
          {label}
        </a>
      ))}
    </div>
  );
}

/** The HTML part: one column, readable on a phone, in light and dark, without anything from elsewhere. */
export function MailDocument({ mail, host }: { readonly mail: MailContent; readonly host: string }) {
  const { catalogue, brand } = useLook();
  const styles = useStyles();
  const { language } = catalogue;
  return (
    <html lang={language} dir={languages[language].direction}>
      <head>
        <meta charset="utf-8" />
        <title>{mail.subject}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{sheetFor(brand)}</style>
      </head>
      <body class="body" style={styles.body}>
        <div style={styles.preview} aria-hidden="true">
          {mail.preview}
        </div>
        <table role="presentation" class="page" style={styles.page} cellSpacing="0" cellPadding="0">
          <tbody>
            <tr>
              <td class="page-cell" style={styles.pageCell}>
                <div style={styles.card}>
                  <header class="brand" style={styles.brand}>
                    <BrandHeader />
                  </header>
                  <main class="surface" style={styles.surface}>
                    <h1 class="heading" style={styles.heading}>
                      {mail.heading}
                    </h1>
                    <p class="text" style={styles.text}>
                      {mail.greeting}
                    </p>
                    {mail.blocks.map((block, index) => (
                      <Block key={index} block={block} />
                    ))}
                  </main>
                  <footer class="footer" style={styles.footer}>
                    {footerText(catalogue, host)}
                    <FooterLinks />
                  </footer>
                </div>
              </td>
            </tr>
          </tbody>
        </table>
      </body>
    </html>
  );
}
