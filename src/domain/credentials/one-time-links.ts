import { randomToken, sha256 } from '../../kernel/crypto/derive.ts';
import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';

/** A link with which a person sets their password once. Only the SHA-256 of its token is kept. */
export type IssuedLink = { readonly token: string; readonly expiresAt: Date };

export const DEFAULT_LINK_LIFETIME_SECONDS = 24 * 60 * 60;

/** A new link makes all earlier ones of this person void. Throws `not_found` for an unknown person. */
export async function issueSetPasswordLink(
  tx: Tx,
  { userId, lifetimeSeconds = DEFAULT_LINK_LIFETIME_SECONDS }: { userId: string; lifetimeSeconds?: number | undefined },
): Promise<IssuedLink> {
  if (!isUuid(userId)) throw unknownPerson();
  // Two issued at once must not both stay valid: the second waits until it can see the first.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`set-password-link:${userId}`]);
  await voidSetPasswordLinks(tx, userId);
  const token = randomToken();
  const expiresAt = new Date(tx.now.getTime() + lifetimeSeconds * 1000);
  await tx
    .query(
      `INSERT INTO one_time_links (token_hash, user_id, purpose, created_at, expires_at)
       VALUES ($1, $2, 'set_password', $3, $4)`,
      [sha256(token), userId, tx.now, expiresAt],
    )
    .catch(onConstraint('one_time_links_user_id_fkey', unknownPerson));
  tx.record({
    type: 'set-password-links.issued',
    target: { type: 'user', id: userId },
    details: { expiresAt: expiresAt.toISOString() },
  });
  return { token, expiresAt };
}

const unknownPerson = () => notFound('users.not_found', { detail: 'there is no such user' });

/**
 * All links of a person that are still out stop working, but those with which they object: whoever changes a password may
 * be a thief.
 */
export async function voidSetPasswordLinks(tx: Tx, userId: string): Promise<void> {
  await tx.query(
    `UPDATE one_time_links SET consumed_at = $2 WHERE user_id = $1 AND consumed_at IS NULL
       AND purpose NOT IN ('not_me', 'stop_factor_recovery')`,
    [userId, tx.now],
  );
}
