import { keyedHash, sha256 } from '../../kernel/crypto/derive.ts';
import { newId } from '../../kernel/ids.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';

/** Time enough for a mail to come; counted from when it is written. */
export const EMAIL_SIGN_IN_SECONDS = 10 * 60;
/** Guesses at one mail. With eight digits and five mails an hour that is one in four million an hour. */
const ATTEMPTS = 5;

/** What signs in by a mailbox; undefined in `AuthenticationParts` where it is off. */
export type EmailSignInSettings = {
  /** Whether the mail has a link beside the code. */
  readonly hasLink: boolean;
  /** Derived for purpose 'e-mail sign-in codes'. */
  readonly codeKey: Uint8Array;
};

export const interactionContext = (id: string): string => `email_sign_in:${id}`;

/** Eight digits that follow from the mail's id, as its link does: nothing at rest says them, and a mail that is sent twice repeats them. */
export const mailedCode = (linkKey: Uint8Array, messageId: string): string =>
  String(keyedHash(linkKey, `email_code\n${messageId}`).readBigUInt64BE() % 100_000_000n).padStart(8, '0');

const codeHash = (codeKey: Uint8Array, id: string, code: string): Buffer =>
  keyedHash(codeKey, `${id}\n${code.replace(/\D/g, '')}`);

type NewEmailSignIn = {
  readonly interaction: string;
  /** By which the browser that asked is known again. */
  readonly browser: string;
};

/** In the place of one that the same sign-in asked for before; whose it is, is kept when the mail is written. Answers its id. */
export async function openEmailSignIn(tx: Tx, { interaction, browser }: NewEmailSignIn): Promise<string> {
  const id = newId<string>(tx.now.getTime());
  await tx.query(
    `INSERT INTO email_sign_ins (interaction_hash, id, browser, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT ON CONSTRAINT email_sign_ins_pkey DO UPDATE SET id = excluded.id, browser = excluded.browser,
       user_id = NULL, address_key = NULL, code_hash = NULL, token_hash = NULL, attempts = 0, used_at = NULL,
       created_at = excluded.created_at, expires_at = excluded.expires_at`,
    [sha256(interaction), id, browser, tx.now, new Date(tx.now.getTime() + 6 * EMAIL_SIGN_IN_SECONDS * 1000)],
  );
  return id;
}

/** Whether it is waited for, by the one who asked last. */
export async function isEmailSignInOpen(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.query('SELECT FROM email_sign_ins WHERE id = $1 AND used_at IS NULL AND expires_at > $2', [
    id,
    tx.now,
  ]);
  return rows.length === 1;
}

type Mailed = {
  readonly id: string;
  readonly userId: string;
  readonly addressKey: string;
  readonly code: string;
  readonly token: string | undefined;
};

/** Makes what is mailed good, from now. */
export async function giveEmailSecrets(
  tx: Tx,
  { codeKey }: Pick<EmailSignInSettings, 'codeKey'>,
  { id, userId, addressKey, code, token }: Mailed,
): Promise<void> {
  const expiresAt = new Date(tx.now.getTime() + EMAIL_SIGN_IN_SECONDS * 1000);
  await tx.query(
    `UPDATE email_sign_ins SET address_key = $2, code_hash = $3, token_hash = $4, expires_at = $5, user_id = $6
     WHERE id = $1 AND used_at IS NULL`,
    [id, addressKey, codeHash(codeKey, id, code), token === undefined ? null : sha256(token), expiresAt, userId],
  );
}

/** That something was asked for in this sign-in, and in which browser. */
export type OpenEmailSignIn = { readonly id: string; readonly browser: string };

export async function findEmailSignIn(
  read: Pick<Reader, 'query'>,
  { interaction, now }: { readonly interaction: string; readonly now: Date },
): Promise<OpenEmailSignIn | undefined> {
  const [row] = await read.query<OpenEmailSignIn>(
    'SELECT id, browser FROM email_sign_ins WHERE interaction_hash = $1 AND used_at IS NULL AND expires_at > $2',
    [sha256(interaction), now],
  );
  return row;
}

/** `ended`: there was none, or too much was guessed; which of them, and whose it was, is not to be told apart. */
export type EmailProofUse =
  | { readonly kind: 'accepted'; readonly userId: string; readonly addressKey: string }
  | { readonly kind: 'wrong' | 'ended'; readonly userId: string | undefined };

export type EmailProof = { readonly code: string } | { readonly token: string };

/** Counted and used up in one statement: of many at once the database lets one through. */
export async function useEmailProof(
  tx: Tx,
  { codeKey }: Pick<EmailSignInSettings, 'codeKey'>,
  { id, proof }: { readonly id: string; readonly proof: EmailProof },
): Promise<EmailProofUse> {
  const hashes = 'code' in proof ? [codeHash(codeKey, id, proof.code), null] : [null, sha256(proof.token)];
  const [row] = await tx.query<{ isRight: boolean; userId: string | null; addressKey: string | null }>(
    `WITH tried AS (
       UPDATE email_sign_ins SET attempts = attempts + 1,
         used_at = CASE WHEN code_hash = $2::bytea OR token_hash = $3::bytea THEN $4::timestamptz END
       WHERE id = $1 AND used_at IS NULL AND expires_at > $4 AND attempts < $5
       RETURNING used_at, user_id, address_key)
     SELECT used_at IS NOT NULL AS "isRight", user_id AS "userId", address_key AS "addressKey" FROM tried`,
    [id, ...hashes, tx.now, ATTEMPTS],
  );
  if (row?.isRight && row.userId !== null && row.addressKey !== null)
    return { kind: 'accepted', userId: row.userId, addressKey: row.addressKey };
  if (row) return { kind: 'wrong', userId: row.userId ?? undefined };
  const [known] = await tx.query<{ userId: string | null }>(
    'SELECT user_id AS "userId" FROM email_sign_ins WHERE id = $1',
    [id],
  );
  return { kind: 'ended', userId: known?.userId ?? undefined };
}
