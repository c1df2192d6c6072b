import type { Look } from '../look.ts';
import { renderPage } from '../render.ts';
import type { MailContent } from './content.ts';
import { MailDocument } from './mail-document.tsx';
import { mailText } from './mail-text.ts';

export type RenderedMail = { readonly subject: string; readonly html: string; readonly text: string };

/** Both parts of a mail from one content. */
export const renderMail = (look: Look, mail: MailContent, host: string): RenderedMail => ({
  subject: mail.subject,
  html: renderPage(<MailDocument mail={mail} host={host} />, look),
  text: mailText(look, mail, host),
});
