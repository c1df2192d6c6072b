import { versionMismatch } from '../../kernel/assert-version.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { getUser, userNotFound } from './find-user.ts';
import type { User } from './user.ts';

/** What is kept of a person: their attributes, and the names of what they had. Neither passwords nor anything that gives power. */
const KEEP = /* sql */ `
  INSERT INTO deleted_users (id, user_name, user_name_key, snapshot, deleted_at)
  SELECT u.id, u.user_name, u.user_name_key, jsonb_build_object(
    'user', to_jsonb(u),
    'emails', (SELECT coalesce(jsonb_agg(to_jsonb(e) ORDER BY e.position), '[]') FROM user_emails e WHERE e.user_id = u.id),
    'groups', (SELECT coalesce(jsonb_agg(g.display_name ORDER BY g.display_name_key), '[]')
      FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = u.id),
    'roles', (SELECT coalesce(jsonb_agg(DISTINCT r.name), '[]')
      FROM role_assignments a JOIN roles r ON r.id = a.role_id WHERE a.user_id = u.id)), $3
  FROM users u WHERE u.id = $1 AND ($2::integer IS NULL OR u.version = $2)
  RETURNING id`;

/**
 * Removes the person's row and all that hangs on it, and keeps their attributes for a restoration. The lifecycle room ends their
 * access in the same transaction.
 */
export async function deleteUser(
  tx: Tx,
  { id, expectedVersion }: { id: string; expectedVersion?: number | undefined },
): Promise<User> {
  const user = await getUser(tx, id);
  await tx.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [id]);
  const kept = await tx.whole.query<{ id: string }>(`WITH kept AS (${KEEP}) SELECT id FROM kept`, [
    id,
    expectedVersion ?? null,
    tx.now,
  ]);
  if (kept.length === 0) throw versionMismatch('user');
  const gone = await tx.query('WITH gone AS (DELETE FROM users WHERE id = $1 RETURNING id) SELECT FROM gone', [id]);
  // Seen, and not theirs to delete: a guest of the organization that the actor acts for.
  if (gone.length === 0) throw userNotFound();
  tx.record({ type: 'users.deleted', target: { type: 'user', id }, personal: { userName: user.userName } });
  tx.announce({ topic: 'users', key: id });
  tx.announce({ topic: 'access', key: `user:${id}` });
  return user;
}
