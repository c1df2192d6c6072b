import { EnglishSiteLayout } from '../layout.tsx';
import { Link } from '../link.tsx';
import type { KeptMail } from './mail.tsx';

const text = {
  title: 'Mail',
  lead: 'No mail server is configured, so mails are kept here instead of being sent. This page exists only on this computer.',
  empty: 'No mail yet. Ask for a password link, and it appears here.',
  to: 'To',
};

/** `/dev/mail` for people; newest first is the door's order. */
export function MailListPage({ mails }: { readonly mails: readonly (KeptMail & { readonly url: string })[] }) {
  return (
    <EnglishSiteLayout title={text.title} current="devMail">
      <div class="hero">
        <h1>{text.title}</h1>
        <p class="lead">{text.lead}</p>
      </div>
      {mails.length === 0 ? (
        <p class="panel">{text.empty}</p>
      ) : (
        <div class="panel">
          <ul class="mails">
            {mails.map(({ url, to, subject, sentAt }, index) => (
              <li key={index}>
                <Link class="mail-subject" href={url}>
                  <bdi>{subject}</bdi>
                </Link>
                <span class="mail-facts">
                  <span>
                    {text.to} <bdi>{to}</bdi>
                  </span>
                  <time dateTime={sentAt}>{sentAt}</time>
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </EnglishSiteLayout>
  );
}
