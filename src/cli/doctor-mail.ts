import type { Configuration } from '../config/configuration.ts';
import { type Finding, messageOf } from './finding.ts';

/** Connects to the mail server as the server does, and signs in there; sends nothing. */
export async function checkMail({ mode, smtpUrl, mailFrom, issuer }: Configuration): Promise<Finding> {
  const check = 'mail';
  if (smtpUrl === undefined)
    return mode === 'development'
      ? { check, state: 'ok', detail: 'no DOORWARD_SMTP_URL: mails are kept and shown on the development page' }
      : { check, state: 'warn', detail: 'no mail is sent: set DOORWARD_SMTP_URL' };
  const { host } = new URL(smtpUrl);
  // With its use: the library takes megabytes.
  const { createSmtp } = await import('../connectors/smtp.ts');
  const smtp = createSmtp({ url: smtpUrl, from: mailFrom, issuer });
  try {
    await smtp.check();
    return { check, state: 'ok', detail: `${host} takes mails of ${mailFrom}` };
  } catch (error) {
    const detail = `${host} cannot be used (${messageOf(error)}): look at DOORWARD_SMTP_URL, its name, password and certificate`;
    return { check, state: 'fail', detail };
  } finally {
    smtp.close();
  }
}
