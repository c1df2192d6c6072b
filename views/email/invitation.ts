import type { MailContent } from './content.ts';
import type { LinkMailProps } from './recovery.ts';
import { durationInWords, greetingFor } from './words.ts';

/** A person whom an administrator made sets their first password. */
export function invitationMail({
  catalogue,
  person,
  host,
  userName,
  url,
  lifetimeSeconds,
}: LinkMailProps): MailContent {
  const text = catalogue.page('invitationMail');
  const lifetime = durationInWords(catalogue, lifetimeSeconds);
  return {
    subject: text.subject,
    heading: text.heading,
    preview: text.preview({ lifetime }),
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: text.made({ host, userName }) },
      { kind: 'button', label: text.button, url },
      { kind: 'text', text: text.limits({ lifetime }) },
      { kind: 'note', text: text.surprise },
    ],
  };
}
