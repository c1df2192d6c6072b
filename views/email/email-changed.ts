import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './words.ts';

export type EmailChangedProps = MailFrame & {
  readonly userName: string;
  readonly address: string;
  readonly when: string;
};

/** To an address that was the person's until now. */
export function emailChangedMail({ catalogue, person, userName, address, when }: EmailChangedProps): MailContent {
  const text = catalogue.page('emailChangedMail');
  const { account, when: at } = catalogue.page('mail');
  return {
    subject: text.subject,
    heading: text.heading,
    preview: text.preview,
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: text.changed({ address, userName }) },
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
