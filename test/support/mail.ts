import { eventually } from './eventually.ts';
import type { RunningServer } from './running-server.ts';

export type ShownMail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly sentAt: string;
};

/** What `/dev/mail` answers to a program. */
export async function keptMails({ origin }: Pick<RunningServer, 'origin'>): Promise<readonly ShownMail[]> {
  const answer = await fetch(`${origin}/dev/mail`, { headers: { Accept: 'application/json' } });
  return (await answer.json()) as readonly ShownMail[];
}

/** The mails to one address, newest first, as soon as there are so many. */
export const mailsTo = (server: Pick<RunningServer, 'origin'>, address: string, count = 1) =>
  eventually(
    async () => (await keptMails(server)).filter(({ to }) => to === address),
    (mails) => mails.length >= count,
  );

/** Those of them with this subject, as soon as there is one. */
export const mailsAbout = (server: Pick<RunningServer, 'origin'>, address: string, subject: string) =>
  eventually(
    async () => (await keptMails(server)).filter((mail) => mail.to === address && mail.subject === subject),
    (mails) => mails.length > 0,
  );

/** Resolves when the outbox has nothing left to deliver: what is in hand for the first time is due later only in case its process dies. */
export const outboxDrained = ({ foundation }: Pick<RunningServer, 'foundation'>) =>
  eventually(
    () =>
      foundation.read.query(
        `SELECT 1 FROM outbox_messages WHERE delivered_at IS NULL AND failed_at IS NULL
         AND (available_at <= now() OR (attempts > 0 AND attempted_at IS NULL))`,
      ),
    (rows) => rows.length === 0,
  );

/** The first address in a mail's text that starts like this. */
export function linkIn({ text }: Pick<ShownMail, 'text'>, start: string): string {
  const found = text.split(/\s/).find((word) => word.startsWith(start));
  if (found === undefined) throw new Error(`no ${start}… in:\n${text}`);
  return found;
}

/** The address with a token under this path that was mailed to somebody last, as soon as it is there. */
export async function mailedLink(server: RunningServer, address: string, path: string): Promise<string> {
  const start = `${server.issuer}${path}?token=`;
  const [mail] = await eventually(
    async () => (await keptMails(server)).filter(({ to, text }) => to === address && text.includes(start)),
    (mails) => mails.length > 0,
  );
  return linkIn(mail ?? { text: '' }, start);
}
