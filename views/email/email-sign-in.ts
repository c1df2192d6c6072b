import type { MailBlock, MailContent, MailFrame } from './content.ts';
import { durationInWords, greetingFor } from './words.ts';

export type EmailSignInMailProps = MailFrame & {
  readonly userName: string;
  readonly lifetimeSeconds: number;
  /** Undefined for whoever has to sign in otherwise. */
  readonly code: string | undefined;
  readonly url: string | undefined;
};

const inGroups = (code: string): string => code.replace(/(\d{4})(?=\d)/g, '$1 ');

/** A code to sign in with. The subject does not hold it: screens show subjects to whoever passes by. */
export function emailSignInMail({ catalogue, person, userName, ...mail }: EmailSignInMailProps): MailContent {
  const text = catalogue.page('emailSignInMail');
  const { code, url, lifetimeSeconds } = mail;
  const lifetime = durationInWords(catalogue, lifetimeSeconds);
  const blocks: readonly MailBlock[] =
    code === undefined
      ? [{ kind: 'text', text: text.more({ userName }) }]
      : [
          { kind: 'text', text: text.asked({ userName }) },
          { kind: 'facts', facts: [{ term: text.code, detail: inGroups(code) }] },
          ...(url === undefined ? [] : [{ kind: 'button' as const, label: text.button, url }]),
          { kind: 'text', text: url === undefined ? text.limits({ lifetime }) : text.limitsLink({ lifetime }) },
        ];
  return {
    subject: text.subject,
    heading: text.subject,
    preview: code === undefined ? text.previewMore : text.preview({ lifetime }),
    greeting: greetingFor(catalogue, person),
    blocks: [...blocks, { kind: 'note', text: text.surprise }],
  };
}
