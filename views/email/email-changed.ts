import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './words.ts';

export type EmailChangedProps = MailFrame & {
  readonly userName: string;
  readonly address: string;
  readonly when: string;
  /** Until when, in words, and where it can be taken back. */
  readonly undo?: { readonly url: string; readonly until: string } | undefined;
};

/** To an address that was the person's until now. */
export function emailChangedMail({ catalogue, person, userName, address, when, undo }: EmailChangedProps): MailContent {
  const text = catalogue.page('emailChangedMail');
  const { account, when: at, notMe } = catalogue.page('mail');
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
      undo
        ? { kind: 'note-link', text: text.takeBack({ until: undo.until }), label: notMe, url: undo.url }
        : { kind: 'note', text: text.surprise },
    ],
  };
}
