import type pg from 'pg';
import { keptMailContext } from '../keys/rewrap-keys.ts';
import type { WrittenMail } from './written-mail.ts';

/** Without its images, which are shown from where pages have them. */
export type KeptMail = Omit<WrittenMail, 'images'> & { readonly sentAt: Date };

/** More are not kept: the oldest go. */
export const MAILS_KEPT = 200;

type Pool = Pick<pg.Pool, 'query'>;

/** Development without a mail server. Sealed, because a mail holds links with which one can become somebody. */
export async function keepMail(
  pool: Pool,
  { mail, now, seal }: { mail: WrittenMail; now: Date; seal: (plaintext: Uint8Array, context: string) => Buffer },
): Promise<void> {
  const { images: _, ...kept } = mail;
  const envelope = seal(Buffer.from(JSON.stringify(kept)), keptMailContext(mail.id));
  await pool.query(
    `WITH kept AS (INSERT INTO kept_mails (id, envelope, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING)
     DELETE FROM kept_mails WHERE id IN (SELECT id FROM kept_mails ORDER BY created_at DESC, id DESC OFFSET $4)`,
    [mail.id, envelope, now, MAILS_KEPT - 1],
  );
}

/** Newest first. */
export async function listKeptMails(
  pool: Pool,
  open: (envelope: Uint8Array, context: string) => Buffer,
): Promise<readonly KeptMail[]> {
  const { rows } = await pool.query<{ id: string; envelope: Buffer; sentAt: Date }>(
    'SELECT id, envelope, created_at AS "sentAt" FROM kept_mails ORDER BY created_at DESC, id DESC',
  );
  return rows.map(({ id, envelope, sentAt }) => {
    const mail = JSON.parse(open(envelope, keptMailContext(id)).toString()) as Omit<KeptMail, 'sentAt'>;
    return { ...mail, sentAt };
  });
}
