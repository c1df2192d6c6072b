import { SiteLayout } from '../layout.tsx';
import { safeUrl } from '../safe-url.ts';

const text = {
  title: 'Mail',
  lead: 'No mail server is configured, so mails are kept here instead of being sent. This page exists only on this computer.',
  empty: 'No mail yet. Ask for a password link, and it appears here.',
  to: 'To',
  sentAt: 'Written',
  links: 'Links in this mail',
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

function Mail({ mail, index }: { readonly mail: KeptMail; readonly index: number }) {
  const links = linksIn(mail.text);
  return (
    <article class="panel" aria-labelledby={`mail-${index}`}>
      <h2 id={`mail-${index}`}>
        <bdi>{mail.subject}</bdi>
      </h2>
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
          <h3>{text.links}</h3>
          <ul class="plain">
            {links.map((url) => (
              <li key={url}>
                <a href={safeUrl(url) ?? '#'}>{url}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </article>
  );
}

/** `/dev/mail` for people; newest first is the door's order. Mail HTML is never shown, only its text. */
export function MailPage({ mails }: { readonly mails: readonly KeptMail[] }) {
  return (
    <SiteLayout title={text.title} current="devMail">
      <div class="hero">
        <h1>{text.title}</h1>
        <p class="lead">{text.lead}</p>
      </div>
      {mails.length === 0 && <p class="panel">{text.empty}</p>}
      {mails.map((mail, index) => (
        <Mail key={index} mail={mail} index={index} />
      ))}
    </SiteLayout>
  );
}
