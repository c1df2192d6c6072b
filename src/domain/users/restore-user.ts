import type { UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { listUserAttributes } from '../user-attributes/user-attribute.ts';
import { indexCustomValues } from './custom-attributes.ts';
import { CUSTOM } from './custom-input.ts';
import { deletedUserNotFound } from './deleted-user.ts';
import { getUser } from './find-user.ts';
import type { User } from './user.ts';

const RESTORE = /* sql */ `
  WITH back AS (
    DELETE FROM deleted_users WHERE id = $1 AND erased_at IS NULL AND deleted_at > $2 RETURNING snapshot
  ), person AS (
    INSERT INTO users SELECT r.* FROM back, jsonb_populate_record(NULL::users, back.snapshot -> 'user' || jsonb_build_object(
      'status', 'inactive', 'access_valid_from', $3::timestamptz, 'updated_at', $3::timestamptz,
      'home_organization_id', (SELECT o.id FROM organizations o WHERE o.id = (back.snapshot -> 'user' ->> 'home_organization_id')::uuid),
      'version', (back.snapshot -> 'user' ->> 'version')::integer + 1,
      'manager_id', (SELECT m.id FROM users m WHERE m.id = (back.snapshot -> 'user' ->> 'manager_id')::uuid))) r
    RETURNING id
  ), addresses AS (
    INSERT INTO user_emails SELECT r.* FROM back, jsonb_populate_recordset(NULL::user_emails, back.snapshot -> 'emails') r
    RETURNING user_id
  )
  SELECT id FROM person`;

/** Its home has them back as a member; what they had there beside that is not restored. */
const JOIN_HOME = `INSERT INTO organization_members (organization_id, user_id, created_at)
  SELECT home_organization_id, id, $2 FROM users WHERE id = $1 AND home_organization_id IS NOT NULL ON CONFLICT DO NOTHING`;

/**
 * The same person again, with their attributes and nothing else: inactive, without password, groups and roles. Throws
 * `not_found` for whoever was deleted before `since`, and `conflict('users.attribute_taken')` where somebody has a unique value of theirs by now.
 */
export async function restoreUser(tx: Tx, { id, since }: { readonly id: UserId; readonly since: Date }): Promise<User> {
  const rows = await tx.query<{ id: string }>(RESTORE, [id, since, tx.now]);
  if (rows.length === 0) throw deletedUserNotFound();
  await tx.query(JOIN_HOME, [id, tx.now]);
  const user = await getUser(tx, id);
  await indexCustomValues(tx, { userId: id, custom: user[CUSTOM] ?? {}, definitions: await listUserAttributes(tx) });
  tx.record({ type: 'users.restored', target: { type: 'user', id } });
  tx.announce({ topic: 'users', key: id });
  tx.announce({ topic: 'access', key: `user:${id}` });
  return user;
}
