import { fill } from '../phrase.tsx';
import type { MailContent } from './content.ts';
import { durationInWords } from './duration.ts';
import { greeting } from './frame-text.ts';

const text = {
  subject: 'Create your account',
  heading: 'Create your account',
  preview: 'The link in this mail leads on.',
  asked: 'Somebody, hopefully you, wants an account at {host} with this address.',
  button: 'Go on',
  limits: 'The link works once, in any browser, for {lifetime}.',
  surprise: 'You did not ask for this? Then do nothing: no account is made without you.',
  existsSubject: 'You have an account already',
  existsHeading: 'You have an account already',
  exists: 'Somebody, hopefully you, wants an account at {host} with this address. It has one already: {userName}.',
  forgotten: 'You have forgotten your password?',
  existsButton: 'Choose a new password',
  existsSurprise: 'You did not ask for this? Then do nothing: nothing has changed.',
};

type Props = { readonly host: string };

/** To an address that has no account yet. */
export function signUpMail({
  host,
  url,
  lifetimeSeconds,
}: Props & { url: string; lifetimeSeconds: number }): MailContent {
  return {
    subject: text.subject,
    heading: text.heading,
    preview: text.preview,
    greeting,
    blocks: [
      { kind: 'text', text: fill(text.asked, { host }) },
      { kind: 'button', label: text.button, url },
      { kind: 'text', text: fill(text.limits, { lifetime: durationInWords(lifetimeSeconds) }) },
      { kind: 'note', text: text.surprise },
    ],
  };
}

/** To an address that has one: its holder alone learns of it. */
export function alreadyRegisteredMail({
  host,
  userName,
  recoveryUrl,
}: Props & { userName: string; recoveryUrl: string }): MailContent {
  return {
    subject: text.existsSubject,
    heading: text.existsHeading,
    preview: text.preview,
    greeting,
    blocks: [
      { kind: 'text', text: fill(text.exists, { host, userName }) },
      { kind: 'note-link', text: text.forgotten, label: text.existsButton, url: recoveryUrl },
      { kind: 'note', text: text.existsSurprise },
    ],
  };
}
