import type { Tx } from '../../persistence/unit-of-work.ts';

/**
 * Somebody opened a link that went to this address alone: it is theirs, as long as it is still among their addresses.
 * False when it is not. Nothing changes, and nothing is recorded, when it was verified already.
 */
export async function verifyEmail(
  tx: Tx,
  { userId, addressKey }: { userId: string; addressKey: string },
): Promise<boolean> {
  await tx.query('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
  const [email] = await tx.query<{ value: string; isVerified: boolean }>(
    'SELECT value, is_verified AS "isVerified" FROM user_emails WHERE user_id = $1 AND value_key = $2',
    [userId, addressKey],
  );
  if (!email) return false;
  if (email.isVerified) return true;
  await tx.query('UPDATE user_emails SET is_verified = true WHERE user_id = $1 AND value_key = $2', [
    userId,
    addressKey,
  ]);
  await tx.query('UPDATE users SET version = version + 1, updated_at = $2 WHERE id = $1', [userId, tx.now]);
  tx.record({ type: 'emails.verified', target: { type: 'user', id: userId }, personal: { address: email.value } });
  tx.announce({ topic: 'users', key: userId });
  return true;
}
