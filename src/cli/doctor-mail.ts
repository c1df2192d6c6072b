import type { Configuration } from '../config/configuration.ts';
import { StartRefused } from '../kernel/start-refused.ts';
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

/** The operator's own words, read as at a start. */
export async function checkWords({ messagesFile }: Configuration): Promise<readonly Finding[]> {
  if (messagesFile === undefined) return [];
  const check = 'words';
  const { readOwnWords } = await import('../endpoints/http/own-words.ts');
  try {
    const languages = Object.keys(readOwnWords(messagesFile));
    return [{ check, state: 'ok', detail: `${messagesFile} has words in ${languages.join(', ') || 'no language'}` }];
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return [{ check, state: 'fail', detail: error.message }];
  }
}
