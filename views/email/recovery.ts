import type { MailContent, MailFrame } from './content.ts';
import { durationInWords, greetingFor } from './words.ts';

export type LinkMailProps = MailFrame & {
  readonly userName: string;
  readonly url: string;
  readonly lifetimeSeconds: number;
};

/** The answer to "Forgot your password?". */
export function recoveryMail({ catalogue, person, userName, url, lifetimeSeconds }: LinkMailProps): MailContent {
  const text = catalogue.page('recoveryMail');
  const { newPassword } = catalogue.page('mail');
  const lifetime = durationInWords(catalogue, lifetimeSeconds);
  return {
    subject: text.subject,
    heading: text.subject,
    preview: text.preview({ lifetime }),
    greeting: greetingFor(catalogue, person),
    blocks: [
      { kind: 'text', text: text.asked({ userName }) },
      { kind: 'button', label: newPassword, url },
      { kind: 'text', text: text.limits({ lifetime }) },
      { kind: 'note', text: text.surprise },
    ],
  };
}
