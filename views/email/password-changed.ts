import type { Messages } from '../messages/catalogue.ts';
import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './words.ts';

export type PasswordChangedProps = MailFrame & {
  readonly userName: string;
  readonly by: keyof Messages<'passwordChangedMail'>['by'];
  readonly when: string;
  /** Where whoever has the mailbox takes the account back. */
  readonly notMeUrl: string;
};

/** After a password was set, whoever set it. */
export function passwordChangedMail({
  catalogue,
  person,
  userName,
  by,
  when,
  notMeUrl,
}: PasswordChangedProps): MailContent {
  const text = catalogue.page('passwordChangedMail');
  const common = catalogue.page('mail');
  return {
    subject: text.subject,
    heading: text.subject,
    preview: common.wasItYou,
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: text.by[by]({ userName }) },
      {
        kind: 'facts',
        facts: [
          { term: common.account, detail: userName },
          { term: common.when, detail: when },
        ],
      },
      { kind: 'text', text: common.asked },
      { kind: 'note-link', text: common.takeBack, label: common.notMe, url: notMeUrl },
    ],
  };
}
