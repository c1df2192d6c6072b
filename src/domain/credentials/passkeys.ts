import { conflict, notFound } from '../../kernel/errors.ts';
import { isUuid, newId } from '../../kernel/ids.ts';
import { onConstraint, type Reader, type Tx } from '../../persistence/unit-of-work.ts';

/** A credential record (WebAuthn §4). */
export type Passkey = {
  readonly id: string;
  readonly userId: string;
  /** base64url */
  readonly credentialId: string;
  readonly publicKey: Buffer;
  readonly aaguid: string;
  /** Made to be copied to the person's other devices; it never changes. */
  readonly isBackupEligible: boolean;
  readonly isBackedUp: boolean;
  /** Its maker's certificate was asked for and verified. */
  readonly isAttested: boolean;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | undefined;
};

export type NewPasskey = Pick<Passkey, 'credentialId' | 'publicKey' | 'aaguid' | 'isBackupEligible' | 'isBackedUp'> & {
  readonly signCount: number;
  readonly transports: readonly string[];
  readonly isAttested?: boolean;
};

export const PASSKEYS_PER_PERSON = 30;
export const LONGEST_PASSKEY_NAME = 60;

const COLUMNS = `id, user_id AS "userId", credential_id, public_key AS "publicKey", aaguid,
  is_backup_eligible AS "isBackupEligible", is_backed_up AS "isBackedUp", is_attested AS "isAttested",
  name, created_at AS "createdAt", last_used_at AS "lastUsedAt"`;

type Row = Omit<Passkey, 'credentialId' | 'lastUsedAt'> & { credential_id: Buffer; lastUsedAt: Date | null };

const passkeyOf = ({ credential_id, lastUsedAt, ...row }: Row): Passkey => ({
  ...row,
  credentialId: credential_id.toString('base64url'),
  lastUsedAt: lastUsedAt ?? undefined,
});

/** Those of one person, the oldest first. */
export async function listPasskeys(read: Pick<Reader, 'query'>, userId: string): Promise<readonly Passkey[]> {
  const rows = await read.query<Row>(`SELECT ${COLUMNS} FROM passkeys WHERE user_id = $1 ORDER BY created_at, id`, [
    userId,
  ]);
  return rows.map(passkeyOf);
}

export async function findPasskey(read: Pick<Reader, 'query'>, credentialId: string): Promise<Passkey | undefined> {
  const [row] = await read.query<Row>(`SELECT ${COLUMNS} FROM passkeys WHERE credential_id = $1`, [
    Buffer.from(credentialId, 'base64url'),
  ]);
  return row && passkeyOf(row);
}

/** Throws conflict `credentials.passkey_exists`, `credentials.too_many_passkeys`. */
export async function insertPasskey(
  tx: Tx,
  { userId, name, passkey }: { userId: string; name: string; passkey: NewPasskey },
): Promise<string> {
  // Several at once must not pass the limit together.
  await tx.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
  if ((await listPasskeys(tx, userId)).length >= PASSKEYS_PER_PERSON)
    throw conflict('credentials.too_many_passkeys', { detail: `expected at most ${PASSKEYS_PER_PERSON} passkeys` });
  const id = newId<string>(tx.now.getTime());
  const { credentialId, publicKey, signCount, aaguid, transports, isBackupEligible, isBackedUp, isAttested } = passkey;
  await tx
    .query(
      `INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, aaguid, transports, is_backup_eligible,
         is_backed_up, is_attested, name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        ...[id, userId, Buffer.from(credentialId, 'base64url'), publicKey, signCount, aaguid, transports],
        ...[isBackupEligible, isBackedUp, isAttested ?? false, name, tx.now],
      ],
    )
    .catch(
      onConstraint('passkeys_credential_id_key', () =>
        conflict('credentials.passkey_exists', { detail: 'this passkey is known already' }),
      ),
    );
  return id;
}

/** Throws `not_found` for one that is not theirs. */
export async function renamePasskey(
  tx: Tx,
  { userId, id, name }: { userId: string; id: string; name: string },
): Promise<void> {
  const rows = isUuid(id)
    ? await tx.query(
        `WITH named AS (UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2 RETURNING id) SELECT id FROM named`,
        [id, userId, name],
      )
    : [];
  if (rows.length === 0) throw notFound('credentials.passkey_not_found', { detail: 'there is no such passkey' });
}

/** What was deleted: the one, those made since a moment, or all of a person when both are left out. */
export async function deletePasskeys(
  tx: Tx,
  { userId, id, since }: { userId: string; id?: string; since?: Date },
): Promise<readonly Passkey[]> {
  if (id !== undefined && !isUuid(id)) return [];
  const rows = await tx.query<Row>(
    `WITH gone AS (
       DELETE FROM passkeys WHERE user_id = $1 AND ($2::uuid IS NULL OR id = $2)
         AND ($3::timestamptz IS NULL OR created_at >= $3) RETURNING *)
     SELECT ${COLUMNS} FROM gone`,
    [userId, id ?? null, since ?? null],
  );
  return rows.map(passkeyOf);
}

/** What an answer that was verified says of its passkey. */
export type VerifiedAssertion = { readonly signCount: number; readonly isBackedUp: boolean };

export type PasskeyUse = 'accepted' | 'counter_went_back' | 'removed_meanwhile';

/**
 * WebAuthn §6.1.1: a counter that does not go up tells of a copy; most passkeys that are synchronised count nothing and stay at
 * zero. Of many answers with one counter the database lets one through.
 */
export async function usePasskey(
  tx: Tx,
  { id, signCount, isBackedUp }: { id: string } & VerifiedAssertion,
): Promise<PasskeyUse> {
  const rows = await tx.query(
    `WITH used AS (
       UPDATE passkeys SET sign_count = $2, is_backed_up = $3, last_used_at = $4
       WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0)) RETURNING id)
     SELECT id FROM used`,
    [id, signCount, isBackedUp, tx.now],
  );
  if (rows.length === 1) return 'accepted';
  const known = await tx.query('SELECT FROM passkeys WHERE id = $1', [id]);
  return known.length === 0 ? 'removed_meanwhile' : 'counter_went_back';
}
