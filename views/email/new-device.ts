import { fill } from '../phrase.tsx';
import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './frame-text.ts';

const text = {
  subject: 'A new browser signed in to your account',
  heading: 'A new browser signed in',
  preview: 'Was it you? Then there is nothing to do.',
  happened: 'Somebody signed in to your account {userName} with a browser that was not used for it before.',
  account: 'Account',
  when: 'When',
  browser: 'Browser',
  address: 'Network address',
  unknown: 'not told',
  fine: 'Was it you? Then there is nothing to do.',
  surprise: 'If not, choose a new password now: it signs everybody out. Then tell your administrator.',
  button: 'Choose a new password',
};

export type NewDeviceProps = MailFrame & {
  readonly userName: string;
  readonly when: string;
  readonly browser: string | undefined;
  readonly networkAddress: string | undefined;
  /** Where the person asks for a link. */
  readonly recoveryUrl: string;
};

/** After a sign-in in a browser the person has not used before. */
export function newDeviceMail({
  person,
  userName,
  when,
  browser,
  networkAddress,
  recoveryUrl,
}: NewDeviceProps): MailContent {
  return {
    subject: text.subject,
    heading: text.heading,
    preview: text.preview,
    greeting: greetingFor(person),
    blocks: [
      { kind: 'text', text: fill(text.happened, { userName }) },
      {
        kind: 'facts',
        facts: [
          { term: text.account, detail: userName },
          { term: text.when, detail: when },
          { term: text.browser, detail: browser ?? text.unknown },
          { term: text.address, detail: networkAddress ?? text.unknown },
        ],
      },
      { kind: 'text', text: text.fine },
      { kind: 'note-link', text: text.surprise, label: text.button, url: recoveryUrl },
    ],
  };
}
