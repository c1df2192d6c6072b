import { fill } from '../phrase.tsx';
import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './frame-text.ts';

const text = {
  subject: 'How you sign in was changed',
  heading: 'How you sign in was changed',
  preview: 'Was it you? Then there is nothing to do.',
  totp_added: 'An authenticator app was set up as a second step for your account {userName}.',
  totp_removed: 'The authenticator app of your account {userName} was removed. A password alone signs in again.',
  recovery_codes_issued:
    'New recovery codes were made for your account {userName}. Those from before do not work any more.',
  recovery_code_used: 'A recovery code was used to sign in to your account {userName}. It does not work again.',
  removed_by_administrator:
    'An administrator removed the second steps of your account {userName}. A password alone signs in again.',
  when: 'When',
  account: 'Account',
  fine: 'Was it you, or did you ask for it? Then there is nothing to do.',
  surprise: 'If not, take the account back now: a new password signs everybody out. Then tell your administrator.',
  button: 'Choose a new password',
};

export type SecondFactorChangedProps = MailFrame & {
  readonly userName: string;
  readonly change:
    | 'totp_added'
    | 'totp_removed'
    | 'recovery_codes_issued'
    | 'recovery_code_used'
    | 'removed_by_administrator';
  readonly when: string;
  /** Where the person asks for a link. */
  readonly recoveryUrl: string;
};

/** After a second factor came, went, or was replaced by a recovery code. */
export function secondFactorChangedMail(props: SecondFactorChangedProps): MailContent {
  const { person, userName, change, when, recoveryUrl } = props;
  return {
    subject: text.subject,
    heading: text.heading,
    preview: text.preview,
    greeting: greetingFor(person),
    blocks: [
      { kind: 'text', text: fill(text[change], { userName }) },
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
