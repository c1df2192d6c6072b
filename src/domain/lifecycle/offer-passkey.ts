import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { FIRST_FACTOR_SECONDS } from '../authentication/first-factor.ts';
import type { NewPasskey } from '../credentials/passkeys.ts';
import type { SecondFactorSecrets } from '../credentials/second-factor-secrets.ts';
import { findSecondFactors } from '../credentials/second-factors.ts';
import { personInForce } from '../users/standing.ts';
import { type AddedPasskey, addPasskey } from './change-passkeys.ts';

/** A sign-in by password that has succeeded, while its browser has not gone on: there is no session yet. */
export type SignInJustMade = {
  readonly userId: string;
  /** Whole seconds since the epoch. */
  readonly signedInAt: number;
  readonly amr: readonly string[];
};

/** To whoever has none and has just shown all the factors they have: nothing weaker adds one (ADR 0060). */
export async function mayBeOfferedPasskey(
  read: Pick<Reader, 'query'>,
  { userId, amr }: SignInJustMade,
): Promise<boolean> {
  const { totp, passkeys } = await findSecondFactors(read, userId);
  return passkeys === 0 && (totp === undefined || amr.includes('mfa'));
}

/** 'ended' when the sign-in is too old, or is worth nothing any more; undefined as `addPasskey` says, which also throws. */
export async function addOfferedPasskey(
  tx: Tx,
  secrets: SecondFactorSecrets,
  { signIn, ...input }: { signIn: SignInJustMade; challenge: string; passkey: NewPasskey },
): Promise<AddedPasskey | 'ended' | undefined> {
  const { userId } = signIn;
  if ((await isStillGood(tx, signIn)) && (await mayBeOfferedPasskey(tx, signIn)))
    return addPasskey(tx, secrets, { userId, ...input });
  const target = { type: 'user', id: userId };
  tx.record({ type: 'passkeys.refused', outcome: 'refused', reason: 'sign_in_ended', target });
  return 'ended';
}

/** Whoever takes the account back or changes the password waits, or is waited for. */
async function isStillGood(tx: Tx, { userId, signedInAt }: SignInJustMade): Promise<boolean> {
  if (tx.now.getTime() / 1000 - signedInAt > FIRST_FACTOR_SECONDS) return false;
  await tx.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
  const rows = await tx.query(
    `SELECT FROM users u JOIN password_credentials p ON p.user_id = u.id
     WHERE u.id = $1 AND ${personInForce('$2::timestamptz', 'u')}
       AND date_trunc('second', greatest(u.access_valid_from, p.changed_at)) <= to_timestamp($3::float8)`,
    [userId, tx.now, signedInAt],
  );
  return rows.length === 1;
}
