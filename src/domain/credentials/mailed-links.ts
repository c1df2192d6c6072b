import { keyedHash, sha256 } from '../../kernel/crypto/derive.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { LinkPurpose } from './redeem-link.ts';

/**
 * The token of a link in a mail follows from the mail's id under a key that never leaves the process: nothing at rest opens
 * the link, and a mail that is sent twice holds the same one. `key` is derived for purpose 'mailed links'.
 */
export const mailedLinkToken = (
  key: Uint8Array,
  purpose: LinkPurpose | 'sign_up' | 'email_sign_in' | 'organization_invitation' | 'email_change' | 'email_change_undo',
  messageId: string,
): string => keyedHash(key, `${purpose}\n${messageId}`).toString('base64url');

export type MailedLink = {
  readonly token: string;
  readonly purpose: LinkPurpose;
  readonly userId: string;
  /** The address the mail goes to: whoever opens the link has it. */
  readonly addressKey: string;
  readonly lifetimeSeconds: number;
};

/**
 * Makes the link good, from now: a mail that had to wait for the mail server still holds a fresh one. Links that are out
 * already stay good, so that nobody makes another person's link void by asking for one in their name.
 */
export async function issueMailedLink(
  tx: Tx,
  { token, purpose, userId, addressKey, lifetimeSeconds }: MailedLink,
): Promise<void> {
  const expiresAt = new Date(tx.now.getTime() + lifetimeSeconds * 1000);
  await tx.query(
    `INSERT INTO one_time_links AS link (token_hash, user_id, purpose, address_key, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT ON CONSTRAINT one_time_links_pkey DO UPDATE SET expires_at = excluded.expires_at
     WHERE link.consumed_at IS NULL`,
    [sha256(token), userId, purpose, addressKey, tx.now, expiresAt],
  );
  if (purpose === 'set_password')
    tx.record({
      type: 'set-password-links.issued',
      target: { type: 'user', id: userId },
      details: { expiresAt: expiresAt.toISOString(), by: 'mail' },
    });
}
