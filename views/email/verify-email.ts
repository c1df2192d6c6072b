import { fill } from '../phrase.tsx';
import type { MailContent } from './content.ts';
import { durationInWords } from './duration.ts';
import { greetingFor } from './frame-text.ts';
import type { LinkMailProps } from './recovery.ts';

const text = {
  subject: 'Confirm your e-mail address',
  heading: 'Is this your address?',
  preview: 'Confirm it with the link in this mail.',
  asked:
    'The account {userName} at {host} says that {address} is yours. Confirm it, and it can be used to sign in and to get back in.',
  button: 'Confirm this address',
  limits: 'The link works once, in any browser, for {lifetime}.',
  surprise: 'This account is not yours? Then do nothing: without you the address is not confirmed.',
};

/** Proves that a person has the address they gave. */
export function verifyEmailMail({
  person,
  host,
  userName,
  address,
  url,
  lifetimeSeconds,
}: LinkMailProps & { readonly address: string }): MailContent {
  return {
    subject: text.subject,
    heading: text.heading,
    preview: text.preview,
    greeting: greetingFor(person),
    blocks: [
      { kind: 'text', text: fill(text.asked, { userName, host, address }) },
      { kind: 'button', label: text.button, url },
      { kind: 'text', text: fill(text.limits, { lifetime: durationInWords(lifetimeSeconds) }) },
      { kind: 'note', text: text.surprise },
    ],
  };
}
