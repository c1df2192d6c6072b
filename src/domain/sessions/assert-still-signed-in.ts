import { unauthenticated } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { personInForce } from '../users/standing.ts';

/** What of a session a page showed its forms in. */
export type SessionOfPerson = { readonly userId: string; readonly sessionUid: string };

/**
 * Whoever takes an account back waits for what its session is changing, or is waited for: nothing is written by a session that
 * has ended when it was read a moment ago and not when it counts. It stays so until this transaction ends.
 * Throws unauthenticated `sessions.signed_out`.
 */
export async function assertStillSignedIn(tx: Tx, { userId, sessionUid }: SessionOfPerson): Promise<void> {
  await tx.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
  const rows = await tx.query(
    `SELECT FROM users u JOIN provider_records s ON s.account_id = u.id
     WHERE u.id = $1 AND ${personInForce('$3::timestamptz', 'u')}
       AND s.uid = $2 AND s.model = 'Session' AND s.ended_at IS NULL`,
    [userId, sessionUid, tx.now],
  );
  if (rows.length === 0) throw unauthenticated('sessions.signed_out', { detail: 'nobody is signed in any more' });
}
