import type { MailContent } from './content.ts';
import type { LinkMailProps } from './recovery.ts';
import { durationInWords, greetingFor } from './words.ts';

export type EmailChangeProps = LinkMailProps & {
  readonly side: 'former' | 'new';
  readonly formerAddress: string | null;
  readonly newAddress: string;
};

/** To one of the two addresses of a change. */
export function emailChangeMail(props: EmailChangeProps): MailContent {
  const { catalogue, person, host, userName, side, formerAddress, newAddress: address, url, lifetimeSeconds } = props;
  const text = catalogue.page('emailChangeMail');
  const lifetime = durationInWords(catalogue, lifetimeSeconds);
  return {
    subject: text.subject,
    heading: text.subject,
    preview: text.preview,
    greeting: greetingFor(catalogue, person),
    blocks: [
      {
        kind: 'text',
        text:
          side === 'former'
            ? text.former({ userName, host, former: formerAddress ?? '', address })
            : text.new({ userName, host, address }),
      },
      { kind: 'button', label: text.button, url },
      { kind: 'text', text: formerAddress === null ? text.limitsFirst({ lifetime }) : text.limits({ lifetime }) },
      { kind: 'note', text: side === 'former' ? text.surpriseFormer : text.surpriseNew },
    ],
  };
}
