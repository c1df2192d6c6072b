import { fill } from '../phrase.tsx';
import type { MailContent } from './content.ts';
import { durationInWords } from './duration.ts';
import { greetingFor } from './frame-text.ts';
import type { LinkMailProps } from './recovery.ts';

const text = {
  subject: 'Your new account',
  heading: 'An account was made for you',
  preview: 'Choose a password to begin. The link works for {lifetime}.',
  made: 'You have an account at {host}. Its user name is {userName}.',
  button: 'Choose a password',
  limits: 'The link works once, in any browser, for {lifetime}. It is lost? Ask whoever made the account for another.',
  surprise:
    'You did not expect this? Then somebody may have mistyped an address. Do nothing, or ask your administrator.',
};

/** A person whom an administrator made sets their first password. */
export function invitationMail({ person, host, userName, url, lifetimeSeconds }: LinkMailProps): MailContent {
  const lifetime = durationInWords(lifetimeSeconds);
  return {
    subject: text.subject,
    heading: text.heading,
    preview: fill(text.preview, { lifetime }),
    greeting: greetingFor(person),
    blocks: [
      { kind: 'text', text: fill(text.made, { host, userName }) },
      { kind: 'button', label: text.button, url },
      { kind: 'text', text: fill(text.limits, { lifetime }) },
      { kind: 'note', text: text.surprise },
    ],
  };
}
