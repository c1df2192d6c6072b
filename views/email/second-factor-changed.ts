import type { Messages } from '../messages/catalogue.ts';
import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './words.ts';

export type SecondFactorChangedProps = MailFrame & {
  readonly userName: string;
  readonly change: keyof Messages<'secondFactorChangedMail'>['change'];
  readonly when: string;
  /** Where whoever has the mailbox takes the account back. */
  readonly notMeUrl: string;
};

/** After a second factor came, went, or was replaced by a recovery code. */
export function secondFactorChangedMail(props: SecondFactorChangedProps): MailContent {
  const { catalogue, person, userName, change, when, notMeUrl } = props;
  const text = catalogue.page('secondFactorChangedMail');
  const common = catalogue.page('mail');
  return {
    subject: text.subject,
    heading: text.subject,
    preview: common.wasItYou,
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: text.change[change]({ userName }) },
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
