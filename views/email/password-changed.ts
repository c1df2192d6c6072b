import { fill } from '../phrase.tsx';
import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './frame-text.ts';

const text = {
  subject: 'Your password was changed',
  heading: 'Your password was changed',
  preview: 'Was it you? Then there is nothing to do.',
  self: 'The password of your account {userName} was changed on the account page. Other browsers were signed out.',
  link: 'The password of your account {userName} was set with a one-time link. Everything that was signed in was signed out.',
  administrator:
    'An administrator set the password of your account {userName}. Everything that was signed in was signed out.',
  when: 'When',
  account: 'Account',
  fine: 'Was it you, or did you ask for it? Then there is nothing to do.',
  surprise: 'If not, take the account back now: a new password signs everybody out. Then tell your administrator.',
  button: 'Choose a new password',
};

export type PasswordChangedProps = MailFrame & {
  readonly userName: string;
  readonly by: 'self' | 'link' | 'administrator';
  readonly when: string;
  /** Where the person asks for a link. */
  readonly recoveryUrl: string;
};

/** After a password was set, whoever set it. */
export function passwordChangedMail({ person, userName, by, when, recoveryUrl }: PasswordChangedProps): MailContent {
  return {
    subject: text.subject,
    heading: text.heading,
    preview: text.preview,
    greeting: greetingFor(person),
    blocks: [
      { kind: 'text', text: fill(text[by], { userName }) },
      {
        kind: 'facts',
        facts: [
          { term: text.account, detail: userName },
          { term: text.when, detail: when },
        ],
      },
      { kind: 'text', text: text.fine },
      { kind: 'note-link', text: text.surprise, label: text.button, url: recoveryUrl },
    ],
  };
}
