import type { Messages } from '../messages/catalogue.ts';
import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './words.ts';

export type PasskeyChangedProps = MailFrame & {
  readonly userName: string;
  readonly change: keyof Messages<'passkeyChangedMail'>['change'];
  /** What the person calls it. */
  readonly name: string;
  readonly when: string;
  /** Where whoever has the mailbox takes the account back. */
  readonly notMeUrl: string;
};

/** After a passkey came, went, or was refused as a copy. */
export function passkeyChangedMail(props: PasskeyChangedProps): MailContent {
  const { catalogue, person, userName, change, name, when, notMeUrl } = props;
  const text = catalogue.page('passkeyChangedMail');
  const common = catalogue.page('mail');
  return {
    subject: text.subject[change],
    heading: text.subject[change],
    preview: common.wasItYou,
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: text.change[change]({ userName }) },
      {
        kind: 'facts',
        facts: [
          { term: text.passkey, detail: name },
          { term: common.account, detail: userName },
          { term: common.when, detail: when },
        ],
      },
      { kind: 'text', text: common.wasItYou },
      { kind: 'note-link', text: common.takeBack, label: common.notMe, url: notMeUrl },
    ],
  };
}
