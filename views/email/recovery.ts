import { fill } from '../phrase.tsx';
import type { MailContent, MailFrame } from './content.ts';
import { durationInWords } from './duration.ts';
import { greetingFor } from './frame-text.ts';

const text = {
  subject: 'Choose a new password',
  heading: 'Choose a new password',
  preview: 'Your link. It works once, for {lifetime}.',
  asked: 'Somebody, hopefully you, asked for a new password for your account {userName}.',
  button: 'Choose a new password',
  limits:
    'The link works once, in any browser, for {lifetime}. Then everything that is signed in with the old password is signed out.',
  surprise: 'You did not ask for this? Then do nothing: your password stays as it is. Never pass this mail on.',
};

export type LinkMailProps = MailFrame & {
  readonly userName: string;
  readonly url: string;
  readonly lifetimeSeconds: number;
};

/** The answer to "Forgot your password?". */
export function recoveryMail({ person, userName, url, lifetimeSeconds }: LinkMailProps): MailContent {
  const lifetime = durationInWords(lifetimeSeconds);
  return {
    subject: text.subject,
    heading: text.heading,
    preview: fill(text.preview, { lifetime }),
    greeting: greetingFor(person),
    blocks: [
      { kind: 'text', text: fill(text.asked, { userName }) },
      { kind: 'button', label: text.button, url },
      { kind: 'text', text: fill(text.limits, { lifetime }) },
      { kind: 'note', text: text.surprise },
    ],
  };
}
