import { fill } from '../phrase.tsx';
import type { MailContent, MailFrame } from './content.ts';
import { greetingFor } from './frame-text.ts';

const text = {
  subject: 'An administrator was let back in',
  heading: 'An administrator was let back in from the command line',
  preview: 'Somebody with access to the server used the emergency command.',
  happened:
    'Somebody with access to the server of {host} used the emergency command: {recovered} is an administrator and can set a new password with a one-time link.',
  account: 'Account',
  when: 'When',
  fine: 'Was this agreed on? Then there is nothing to do.',
  surprise:
    'If not, somebody else controls the server or its database. Take it off the network, and look for administrators.recovered in the audit log.',
};

export type AdministratorRecoveredProps = MailFrame & { readonly recoveredUserName: string; readonly when: string };

/** To every administrator, after the break-glass command. */
export function administratorRecoveredMail({
  person,
  host,
  recoveredUserName,
  when,
}: AdministratorRecoveredProps): MailContent {
  return {
    subject: text.subject,
    heading: text.heading,
    preview: text.preview,
    greeting: greetingFor(person),
    blocks: [
      { kind: 'text', text: fill(text.happened, { host, recovered: recoveredUserName }) },
      {
        kind: 'facts',
        facts: [
          { term: text.account, detail: recoveredUserName },
          { term: text.when, detail: when },
        ],
      },
      { kind: 'text', text: text.fine },
      { kind: 'note', text: text.surprise },
    ],
  };
}
