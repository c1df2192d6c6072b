import type { MailContent } from './content.ts';
import type { LinkMailProps } from './recovery.ts';
import { durationInWords, greetingFor } from './words.ts';

/** Proves that a person has the address they gave. */
export function verifyEmailMail({
  catalogue,
  person,
  host,
  userName,
  address,
  url,
  lifetimeSeconds,
}: LinkMailProps & { readonly address: string }): MailContent {
  const text = catalogue.page('verifyEmailMail');
  return {
    subject: text.subject,
    heading: text.heading,
    preview: text.preview,
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: text.asked({ userName, host, address }) },
      { kind: 'button', label: text.button, url },
      { kind: 'text', text: text.limits({ lifetime: durationInWords(catalogue, lifetimeSeconds) }) },
      { kind: 'note', text: text.surprise },
    ],
  };
}
