import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './words.ts';

export type AccountDeletedProps = Pick<MailFrame, 'catalogue' | 'host'> & {
  readonly userName: string;
  readonly when: string;
};

/** To an address of somebody who is not there any more. */
export function accountDeletedMail({ catalogue, host, userName, when }: AccountDeletedProps): MailContent {
  const text = catalogue.page('accountDeletedMail');
  const { account, when: at } = catalogue.page('mail');
  return {
    subject: text.subject,
    heading: text.subject,
    preview: text.preview,
    greeting: greetingFor(catalogue),
    blocks: [
      { kind: 'text', text: text.deleted({ userName, host }) },
      {
        kind: 'facts',
        facts: [
          { term: account, detail: userName },
          { term: at, detail: when },
        ],
      },
      { kind: 'text', text: text.fine },
      { kind: 'note', text: text.surprise },
    ],
  };
}
