import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './words.ts';

type Props = Pick<MailFrame, 'catalogue' | 'host'> & { readonly organization: string; readonly url: string };

export function organizationInvitationMail({ catalogue, host, organization, url }: Props): MailContent {
  const text = catalogue.page('organizationInvitationMail');
  return {
    subject: text.subject,
    heading: text.subject,
    preview: text.preview,
    greeting: greetingFor(catalogue),
    blocks: [
      { kind: 'text', text: text.invited({ organization, host }) },
      { kind: 'button', label: text.button, url },
      { kind: 'text', text: text.limits },
      { kind: 'note', text: text.surprise },
    ],
  };
}
