import type { Catalogue } from '../messages/catalogue.ts';
import { renderPage } from '../render.ts';
import type { MailContent } from './content.ts';
import { MailDocument } from './mail-document.tsx';
import { mailText } from './mail-text.ts';

export type RenderedMail = { readonly subject: string; readonly html: string; readonly text: string };

/** Both parts of a mail from one content. */
export const renderMail = (catalogue: Catalogue, mail: MailContent, host: string): RenderedMail => ({
  subject: mail.subject,
  html: renderPage(<MailDocument mail={mail} host={host} />, { catalogue }),
  text: mailText(catalogue, mail, host),
});
