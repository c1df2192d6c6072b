import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './words.ts';

export type AdministratorRecoveredProps = MailFrame & { readonly recoveredUserName: string; readonly when: string };

/** To every administrator, after the break-glass command. */
export function administratorRecoveredMail({
  catalogue,
  person,
  host,
  recoveredUserName,
  when,
}: AdministratorRecoveredProps): MailContent {
  const text = catalogue.page('administratorRecoveredMail');
  const { account, when: at } = catalogue.page('mail');
  return {
    subject: text.subject,
    heading: text.heading,
    preview: text.preview,
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: text.happened({ host, recovered: recoveredUserName }) },
      {
        kind: 'facts',
        facts: [
          { term: account, detail: recoveredUserName },
          { term: at, detail: when },
        ],
      },
      { kind: 'text', text: text.fine },
      { kind: 'note', text: text.surprise },
    ],
  };
}
