import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './words.ts';

export type NewDeviceProps = MailFrame & {
  /** The browser is; the place is new. */
  readonly isKnown: boolean;
  readonly userName: string;
  readonly when: string;
  readonly browser: string | undefined;
  readonly networkAddress: string | undefined;
  /** Where whoever has the mailbox takes the account back. */
  readonly notMeUrl: string;
};

/** After a sign-in in a browser, or from a place, that was not the person's before. */
export function newDeviceMail({
  catalogue,
  person,
  isKnown,
  userName,
  when,
  browser,
  networkAddress,
  notMeUrl,
}: NewDeviceProps): MailContent {
  const text = catalogue.page('newDeviceMail');
  const news = isKnown ? catalogue.page('newPlaceMail') : text;
  const common = catalogue.page('mail');
  return {
    subject: news.subject,
    heading: news.heading,
    preview: common.wasItYou,
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: news.happened({ userName }) },
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
