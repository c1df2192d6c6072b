// Mail, composed: who words it, who carries it, and where it is kept when nobody does.
import type { Configuration } from './config/configuration.ts';
import { createSmtp } from './connectors/smtp.ts';
import { findLogo } from './domain/branding/branding.ts';
import type { EmailSignInSettings } from './domain/credentials/email-sign-ins.ts';
import type { KeyRing } from './domain/keys/key-ring.ts';
import { type KeptMail, keepMail, listKeptMails } from './domain/notifications/kept-mails.ts';
import { MAIL_DUE } from './domain/notifications/mail.ts';
import type { SendMail } from './domain/notifications/written-mail.ts';
import { createMailWriter, type MailWriterParts } from './endpoints/mail/write-mail.ts';
import type { Reader } from './persistence/unit-of-work.ts';
import { createEmailHandler, type DeliverEmailParts } from './workers/deliver-email.ts';
import type { OutboxHandler } from './workers/dispatch-outbox.ts';

export type ComposedMail = {
  /** False where mail goes nowhere: production without a mail server. Pages then offer nothing that needs it. */
  readonly isAvailable: boolean;
  readonly handler: readonly [string, OutboxHandler];
  /** Development without a mail server alone; configuration binds that to loopback. */
  readonly kept: (() => Promise<readonly KeptMail[]>) | undefined;
  close(): void;
};

export type ComposeMailParts = { readonly presentation: Omit<MailWriterParts, 'findLogo'> } & Pick<
  DeliverEmailParts,
  'transact' | 'pool' | 'clock' | 'observe'
> & {
    readonly read: Reader;
    readonly configuration: Pick<Configuration, 'mode' | 'issuer' | 'smtpUrl' | 'mailFrom' | 'emailSignIn'>;
    readonly keyRing: KeyRing;
  };

export function composeMail({ configuration, keyRing, presentation, read, ...parts }: ComposeMailParts): ComposedMail {
  const { mode, issuer, smtpUrl, mailFrom } = configuration;
  const { pool, clock } = parts;
  const smtp = smtpUrl === undefined ? undefined : createSmtp({ url: smtpUrl, from: mailFrom, issuer });
  const isKept = smtp === undefined && mode === 'development';
  const keep: SendMail = (mail) => keepMail(pool, { mail, now: clock.now(), seal: keyRing.seal });
  const send = smtp?.send ?? (isKept ? keep : undefined);
  const emailSignIn = emailSignInSettings(configuration, keyRing);
  const keys = {
    links: keyRing.derive('mailed links'),
    recipients: keyRing.derive('mail recipients'),
    emailSignIn: emailSignIn && { ...emailSignIn, open: keyRing.open },
  };
  const write = createMailWriter({ ...presentation, findLogo: (hash) => findLogo(read, hash) });
  return {
    isAvailable: send !== undefined,
    handler: [MAIL_DUE, createEmailHandler({ ...parts, keys, send, write })],
    kept: isKept ? () => listKeptMails(pool, keyRing.open) : undefined,
    close: () => smtp?.close(),
  };
}

/** The same where a code is asked for and where it is mailed. */
export const emailSignInSettings = (
  { emailSignIn }: Pick<Configuration, 'emailSignIn'>,
  keyRing: Pick<KeyRing, 'derive'>,
): EmailSignInSettings | undefined =>
  emailSignIn === 'off'
    ? undefined
    : { hasLink: emailSignIn === 'code-and-link', codeKey: keyRing.derive('e-mail sign-in codes') };
