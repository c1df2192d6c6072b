import { EnglishSiteLayout } from '../layout.tsx';
import { Link } from '../link.tsx';
import { safeUrl } from '../safe-url.ts';
import { sitePaths } from '../site.ts';

const text = {
  to: 'To',
  sentAt: 'Written',
  links: 'Links in this mail',
  html: 'See it as a mail program shows it',
  back: 'All mail',
};

export type KeptMail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** ISO 8601. */
  readonly sentAt: string;
};

function linksIn(body: string): readonly string[] {
  const found = body.match(/https?:\/\/[^\s<>"']+/g) ?? [];
  return [...new Set(found.map((url) => url.replace(/[.,;:!?)\]]+$/, '')))].filter((url) => safeUrl(url));
}

/** One kept mail: its text, and where its HTML is shown by itself. */
export function MailPage({ mail, htmlUrl }: { readonly mail: KeptMail; readonly htmlUrl: string }) {
  const links = linksIn(mail.text);
  return (
    <EnglishSiteLayout title={mail.subject} current="devMail">
      <div class="hero">
        <h1>
          <bdi>{mail.subject}</bdi>
        </h1>
      </div>
      <div class="panel">
        <dl class="facts">
          <dt>{text.to}</dt>
          <dd>
            <bdi>{mail.to}</bdi>
          </dd>
          <dt>{text.sentAt}</dt>
          <dd>
            <time dateTime={mail.sentAt}>{mail.sentAt}</time>
          </dd>
        </dl>
        <pre class="command wrapped">{mail.text}</pre>
        {links.length > 0 && (
          <>
            <h2>{text.links}</h2>
            <ul class="plain">
              {links.map((url) => (
                <li key={url}>
                  <a href={safeUrl(url) ?? '#'}>{url}</a>
                </li>
              ))}
            </ul>
          </>
        )}
        <p class="buttons">
          <Link class="button" href={htmlUrl}>
            {text.html}
          </Link>
          <a class="button button-quiet" href={sitePaths.devMail}>
            {text.back}
          </a>
        </p>
      </div>
    </EnglishSiteLayout>
  );
}
