import { sha256 } from '../../kernel/crypto/derive.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';

export const SIGN_UP_PATH = '/sign-up';
export const COMPLETE_SIGN_UP_PATH = '/sign-up/complete';

/** As `setPasswordUrl`: on the configured issuer, in the query. */
export const signUpUrl = (issuer: string, token: string): string =>
  `${issuer}${COMPLETE_SIGN_UP_PATH}?token=${encodeURIComponent(token)}`;

/** Makes the link good from now, for whoever has this address; a mail that is written again holds the same one. */
export async function issueSignUpLink(
  tx: Tx,
  { token, address, lifetimeSeconds }: { token: string; address: string; lifetimeSeconds: number },
): Promise<void> {
  await tx.query(
    `INSERT INTO sign_ups AS link (token_hash, address, created_at, expires_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT ON CONSTRAINT sign_ups_pkey DO UPDATE SET expires_at = excluded.expires_at WHERE link.consumed_at IS NULL`,
    [sha256(token), address, tx.now, new Date(tx.now.getTime() + lifetimeSeconds * 1000)],
  );
}

/** The address a valid link went to, without using it up. */
export async function findSignUpLink(
  read: Reader,
  { token, now }: { token: string; now: Date },
): Promise<{ readonly address: string } | undefined> {
  const [row] = await read.query<{ address: string }>(
    'SELECT address FROM sign_ups WHERE token_hash = $1 AND consumed_at IS NULL AND expires_at > $2',
    [sha256(token), now],
  );
  return row;
}

/** Uses the link up: of many at once, one wins. */
export async function consumeSignUpLink(tx: Tx, token: string): Promise<{ readonly address: string } | undefined> {
  const [row] = await tx.query<{ address: string }>(
    `WITH used AS (
       UPDATE sign_ups SET consumed_at = $2 WHERE token_hash = $1 AND consumed_at IS NULL AND expires_at > $2
       RETURNING address)
     SELECT address FROM used`,
    [sha256(token), tx.now],
  );
  return row;
}
