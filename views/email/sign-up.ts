import type { MailContent, MailFrame } from './content.ts';
import { durationInWords, greetingFor } from './words.ts';

type Props = Pick<MailFrame, 'catalogue' | 'host'>;

/** To an address that has no account yet. */
export function signUpMail({
  catalogue,
  host,
  url,
  lifetimeSeconds,
}: Props & { url: string; lifetimeSeconds: number }): MailContent {
  const text = catalogue.page('signUpMail');
  return {
    subject: text.subject,
    heading: text.subject,
    preview: text.preview,
    greeting: greetingFor(catalogue),
    blocks: [
      { kind: 'text', text: text.asked({ host }) },
      { kind: 'button', label: text.button, url },
      { kind: 'text', text: text.limits({ lifetime: durationInWords(catalogue, lifetimeSeconds) }) },
      { kind: 'note', text: text.surprise },
    ],
  };
}

/** To an address that has one: its holder alone learns of it. */
export function alreadyRegisteredMail({
  catalogue,
  host,
  userName,
  recoveryUrl,
}: Props & { userName: string; recoveryUrl: string }): MailContent {
  const text = catalogue.page('alreadyRegisteredMail');
  const { newPassword } = catalogue.page('mail');
  return {
    subject: text.subject,
    heading: text.subject,
    preview: text.preview,
    greeting: greetingFor(catalogue),
    blocks: [
      { kind: 'text', text: text.exists({ host, userName }) },
      { kind: 'note-link', text: text.forgotten, label: newPassword, url: recoveryUrl },
      { kind: 'note', text: text.surprise },
    ],
  };
}
