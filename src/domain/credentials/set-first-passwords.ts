import type { Tx } from '../../persistence/unit-of-work.ts';

export type FirstPassword = { readonly userId: string; readonly hash: string };

/**
 * Gives these people their first password by its hash. Who has one keeps it: it may be newer than what another system knew, or
 * be upgraded since. Answers who got one.
 */
export async function setFirstPasswords(tx: Tx, passwords: readonly FirstPassword[]): Promise<readonly string[]> {
  if (passwords.length === 0) return [];
  const rows = await tx.query<{ userId: string }>(
    `WITH added AS (
       INSERT INTO password_credentials (user_id, hash, changed_at)
       SELECT person, hash, $3 FROM unnest($1::uuid[], $2::text[]) AS given (person, hash) ORDER BY person
       ON CONFLICT DO NOTHING RETURNING user_id
     ), void AS (
       UPDATE one_time_links SET consumed_at = $3
       WHERE user_id IN (SELECT user_id FROM added) AND purpose = 'set_password' AND consumed_at IS NULL)
     SELECT user_id AS "userId" FROM added`,
    [passwords.map(({ userId }) => userId), passwords.map(({ hash }) => hash), tx.now],
  );
  for (const { userId } of rows)
    tx.record({
      type: 'passwords.changed',
      target: { type: 'user', id: userId },
      details: { changed: { password: { to: '[redacted]' } } },
    });
  return rows.map(({ userId }) => userId);
}
