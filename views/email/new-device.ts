import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './words.ts';

export type NewDeviceProps = MailFrame & {
  readonly userName: string;
  readonly when: string;
  readonly browser: string | undefined;
  readonly networkAddress: string | undefined;
  /** Where whoever has the mailbox takes the account back. */
  readonly notMeUrl: string;
};

/** After a sign-in in a browser the person has not used before. */
export function newDeviceMail({
  catalogue,
  person,
  userName,
  when,
  browser,
  networkAddress,
  notMeUrl,
}: NewDeviceProps): MailContent {
  const text = catalogue.page('newDeviceMail');
  const common = catalogue.page('mail');
  return {
    subject: text.subject,
    heading: text.heading,
    preview: common.wasItYou,
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: text.happened({ userName }) },
      {
        kind: 'facts',
        facts: [
          { term: common.account, detail: userName },
          { term: common.when, detail: when },
          { term: text.browser, detail: browser ?? text.unknown },
          { term: text.address, detail: networkAddress ?? text.unknown },
        ],
      },
      { kind: 'text', text: common.wasItYou },
      { kind: 'note-link', text: common.takeBack, label: common.notMe, url: notMeUrl },
    ],
  };
}
