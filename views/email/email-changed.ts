import { fill } from '../phrase.tsx';
import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './frame-text.ts';

const text = {
  subject: 'Your e-mail address was changed',
  heading: 'This address was taken off an account',
  preview: 'Mail about the account goes elsewhere from now on.',
  changed:
    '{address} is no longer an address of the account {userName}. Mail about the account goes elsewhere from now on.',
  when: 'When',
  account: 'Account',
  fine: 'Did you, or your administrator, want this? Then there is nothing to do.',
  surprise: 'If not, tell your administrator at once: from this address you cannot take the account back yourself.',
};

export type EmailChangedProps = MailFrame & {
  readonly userName: string;
  readonly address: string;
  readonly when: string;
};

/** To an address that was the person's until now. */
export function emailChangedMail({ person, userName, address, when }: EmailChangedProps): MailContent {
  return {
    subject: text.subject,
    heading: text.heading,
    preview: text.preview,
    greeting: greetingFor(person),
    blocks: [
      { kind: 'text', text: fill(text.changed, { address, userName }) },
      {
        kind: 'facts',
        facts: [
          { term: text.account, detail: userName },
          { term: text.when, detail: when },
        ],
      },
      { kind: 'text', text: text.fine },
      { kind: 'note', text: text.surprise },
    ],
  };
}
