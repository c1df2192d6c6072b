import { sha256 } from '../../kernel/crypto/derive.ts';
import { newId } from '../../kernel/ids.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';

/** The change of an address by its person, from the wish to the day on which it cannot be taken back any more. */
export type EmailChange = {
  readonly id: string;
  readonly userId: string;
  /** Null where nobody has to be asked: there was no address that was proved. */
  readonly formerAddress: string | null;
  readonly newAddress: string;
  readonly isFormerConfirmed: boolean;
  readonly isNewConfirmed: boolean;
  readonly expiresAt: Date;
};

/** Which of the two addresses a link went to. */
export type EmailSide = 'former' | 'new';

export const EMAIL_CHANGE_SECONDS = 24 * 60 * 60;
export const EMAIL_UNDO_SECONDS = 7 * 24 * 60 * 60;

const COLUMNS = /* sql */ `id, user_id AS "userId", former_address AS "formerAddress", new_address AS "newAddress",
  former_confirmed_at IS NOT NULL AS "isFormerConfirmed", new_confirmed_at IS NOT NULL AS "isNewConfirmed",
  expires_at AS "expiresAt"`;
const OPEN = 'done_at IS NULL AND expires_at > $2';
const UNDOABLE = 'done_at IS NOT NULL AND undone_at IS NULL AND expires_at > $2';

/** Replaces one of the same person that is still open. The mails and the record are the caller's. */
export async function openEmailChange(
  tx: Tx,
  { userId, formerAddress, newAddress }: Pick<EmailChange, 'userId' | 'formerAddress' | 'newAddress'>,
): Promise<string> {
  // Two wishes at once: the second waits, and replaces the first.
  await tx.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
  await dropOpenEmailChanges(tx, [userId]);
  const id = newId<string>(tx.now.getTime());
  const expiresAt = new Date(tx.now.getTime() + EMAIL_CHANGE_SECONDS * 1000);
  await tx.query(
    `INSERT INTO email_changes (id, user_id, former_address, new_address, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [id, userId, formerAddress, newAddress, tx.now, expiresAt],
  );
  return id;
}

/** Whose there was one. */
export async function dropOpenEmailChanges(tx: Tx, userIds: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.whole.query<{ userId: string }>(
    `WITH gone AS (
       DELETE FROM email_changes WHERE user_id = ANY ($1::uuid[]) AND done_at IS NULL RETURNING user_id, expires_at)
     SELECT DISTINCT user_id AS "userId" FROM gone WHERE expires_at > $2`,
    [userIds, tx.now],
  );
  return rows.map(({ userId }) => userId);
}

type By = { readonly id: string } | { readonly userId: string } | { readonly token: string };

function condition(by: By): readonly [string, unknown] {
  if ('id' in by) return ['id = $1', by.id];
  if ('userId' in by) return ['user_id = $1', by.userId];
  // A link whose side was confirmed has been used.
  const unused = (side: EmailSide): string => `${side}_token_hash = $1 AND ${side}_confirmed_at IS NULL`;
  return [`(${unused('former')} OR ${unused('new')})`, sha256(by.token)];
}

/** Uses nothing up. */
export async function findOpenEmailChange(
  read: Pick<Reader, 'query'>,
  { now, ...by }: By & { readonly now: Date },
): Promise<EmailChange | undefined> {
  const [where, value] = condition(by);
  const [row] = await read.query<EmailChange>(`SELECT ${COLUMNS} FROM email_changes WHERE ${where} AND ${OPEN}`, [
    value,
    now,
  ]);
  return row;
}

/** The link of the mail that is being written works from now on. */
export async function giveEmailChangeLink(
  tx: Tx,
  { id, kind, token }: { readonly id: string; readonly kind: EmailSide | 'undo'; readonly token: string },
): Promise<void> {
  await tx.query(`UPDATE email_changes SET ${kind}_token_hash = $2 WHERE id = $1`, [id, sha256(token)]);
}

/** The side whose link was opened counts from now on; of many at once, one wins. Undefined for a link that is none any more. */
export async function confirmEmailSide(
  tx: Tx,
  token: string,
): Promise<{ readonly side: EmailSide; readonly change: EmailChange } | undefined> {
  for (const side of ['former', 'new'] as const) {
    const [change] = await tx.query<EmailChange>(
      `WITH confirmed AS (
         UPDATE email_changes SET ${side}_confirmed_at = $2
         WHERE ${side}_token_hash = $1 AND ${side}_confirmed_at IS NULL AND ${OPEN} RETURNING *)
       SELECT ${COLUMNS} FROM confirmed`,
      [sha256(token), tx.now],
    );
    if (change) return { side, change };
  }
  return undefined;
}

/** It is in force; for a while it can be taken back. */
export async function closeEmailChange(tx: Tx, id: string): Promise<void> {
  const undoableUntil = new Date(tx.now.getTime() + EMAIL_UNDO_SECONDS * 1000);
  await tx.query('UPDATE email_changes SET done_at = $2, expires_at = $3 WHERE id = $1', [id, tx.now, undoableUntil]);
}

export async function findUndoableEmailChange(
  read: Pick<Reader, 'query'>,
  { now, ...by }: ({ readonly id: string } | { readonly token: string }) & { readonly now: Date },
): Promise<EmailChange | undefined> {
  const [where, value] = 'id' in by ? ['id = $1', by.id] : ['undo_token_hash = $1', sha256(by.token)];
  const [row] = await read.query<EmailChange>(`SELECT ${COLUMNS} FROM email_changes WHERE ${where} AND ${UNDOABLE}`, [
    value,
    now,
  ]);
  return row;
}

/** This change and all that came after it; of many at once, one wins. */
export async function markEmailChangeUndone(tx: Tx, token: string): Promise<EmailChange | undefined> {
  const [change] = await tx.query<EmailChange>(
    `WITH undone AS (
       UPDATE email_changes SET undone_at = $2 WHERE undo_token_hash = $1 AND ${UNDOABLE} RETURNING *)
     SELECT ${COLUMNS} FROM undone`,
    [sha256(token), tx.now],
  );
  if (change)
    await tx.query(
      'UPDATE email_changes SET undone_at = $3 WHERE user_id = $1 AND id > $2 AND done_at IS NOT NULL AND undone_at IS NULL',
      [change.userId, change.id, tx.now],
    );
  return change;
}

/** What the person themself made their address lately, and may be told that it was not them. */
export async function ownRecentAddresses(
  read: Pick<Reader, 'query'>,
  { userId, now }: { readonly userId: string; readonly now: Date },
): Promise<readonly string[]> {
  const rows = await read.query<{ address: string }>(
    `SELECT new_address AS address FROM email_changes WHERE user_id = $1 AND ${UNDOABLE}`,
    [userId, now],
  );
  return rows.map(({ address }) => address);
}
