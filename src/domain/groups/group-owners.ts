import { invalid } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { comparisonKey, isStorableText } from '../../kernel/text.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import { onConstraint, type Reader, type Tx } from '../../persistence/unit-of-work.ts';
import { personNamed } from '../users/person-named.ts';
import { getGroup } from './find-group.ts';
import { GROUP_COLUMNS, type Group, groupNotFound, groupOf } from './group.ts';
import { peopleFor } from './group-members.ts';
import type { GroupRow } from './groups-table.ts';
import { membersFollowRule } from './membership-rule.ts';

/** Who says who is in a group, and gets nothing from it themselves. */
export type GroupOwner = { readonly value: string; readonly display: string };

type Ownership = { readonly groupId: string; readonly userIds: readonly string[] };

/**
 * Who is an owner already stays one. Throws `not_found`, `conflict('groups.members_follow_rule')`, and `invalid('groups.owner_unknown')`
 * naming who does not exist, or is no member of a team's organization.
 */
export async function addGroupOwners(tx: Tx, { groupId, userIds }: Ownership): Promise<void> {
  const group = await getGroup(tx, groupId);
  if (group.membershipRule !== undefined) throw membersFollowRule();
  const found = await peopleFor(tx, { userIds, organizationId: group.organizationId });
  if (userIds.some((id) => !found.has(id))) throw ownersUnknown(userIds, found);
  const rows = await tx
    .query<{ userId: string }>(
      `WITH added AS (
         INSERT INTO group_owners (group_id, user_id, created_at)
         SELECT $1, person, $3 FROM unnest($2::uuid[]) AS person ORDER BY person
         ON CONFLICT DO NOTHING RETURNING user_id)
       SELECT user_id AS "userId" FROM added`,
      [group.id, [...found], tx.now],
    )
    .catch(onConstraint('group_owners_group_id_fkey', groupNotFound))
    .catch(onConstraint('group_owners_user_id_fkey', () => ownersUnknown(userIds, new Set())));
  recordOwners(tx, 'group-owners.added', group.id, rows);
}

/** False for who is no owner. Throws `not_found` for the group. */
export async function removeGroupOwner(
  tx: Tx,
  { groupId, userId }: { readonly groupId: string; readonly userId: string },
): Promise<boolean> {
  const group = await getGroup(tx, groupId);
  if (!isUuid(userId)) return false;
  const rows = await tx.query<{ userId: string }>(
    `WITH gone AS (DELETE FROM group_owners WHERE group_id = $1 AND user_id = $2 RETURNING user_id)
     SELECT user_id AS "userId" FROM gone`,
    [group.id, userId],
  );
  recordOwners(tx, 'group-owners.removed', group.id, rows);
  return rows.length > 0;
}

function recordOwners(
  tx: Tx,
  type: 'group-owners.added' | 'group-owners.removed',
  groupId: string,
  rows: readonly { readonly userId: string }[],
): void {
  if (rows.length === 0) return;
  tx.record({ type, target: { type: 'group', id: groupId }, details: { userIds: rows.map(({ userId }) => userId) } });
}

/** By their id. Throws `not_found` for the group. */
export async function searchGroupOwners(
  read: Reader,
  { groupId, cursor, limit }: PageRequest & { readonly groupId: string },
): Promise<Page<GroupOwner>> {
  const group = await getGroup(read, groupId);
  const rows = await read.query<GroupOwner>(
    `SELECT o.user_id AS value, coalesce(u.display_name, u.user_name) AS display
     FROM group_owners o JOIN users u ON u.id = o.user_id
     WHERE o.group_id = $1 AND ($2::uuid IS NULL OR o.user_id > $2) ORDER BY o.user_id LIMIT $3`,
    [group.id, cursor === undefined ? null : decodeCursor(cursor, isUuid), limit + 1],
  );
  return toPage(rows, limit, (owner) => owner.value);
}

/** Of a team only a member of its organization is an owner, and nobody is of a group whose members follow a rule: judged at use. */
const OWNED = /* sql */ `
  FROM group_owners o JOIN groups g ON g.id = o.group_id
  WHERE o.user_id = $1 AND g.membership_rule IS NULL AND (g.organization_id IS NULL OR EXISTS (
    SELECT FROM organization_members m WHERE m.user_id = o.user_id AND m.organization_id = g.organization_id))`;

export async function looksAfterGroups(read: Reader, userId: string): Promise<boolean> {
  return (await read.query(`SELECT 1 ${OWNED} LIMIT 1`, [userId])).length > 0;
}

export type OwnGroup = { readonly id: string; readonly displayName: string; readonly members: number };

/** The groups somebody looks after, by name, with how many people are in each. */
export const findOwnGroups = (read: Reader, userId: string): Promise<readonly OwnGroup[]> =>
  read.query(
    `SELECT g.id, g.display_name AS "displayName",
       (SELECT count(*)::int FROM group_members m WHERE m.group_id = g.id) AS members
     ${OWNED} ORDER BY g.display_name_key, g.id`,
    [userId],
  );

/** Undefined for a group that they do not look after, whether there is one or not. */
export async function findOwnGroup(
  read: Reader,
  { userId, groupId }: { readonly userId: string; readonly groupId: string },
): Promise<Group | undefined> {
  if (!isUuid(groupId)) return undefined;
  const [row] = await read.query<GroupRow>(`SELECT ${GROUP_COLUMNS} ${OWNED} AND g.id = $2`, [userId, groupId]);
  return row && groupOf(row);
}

/** As {@link findOwnGroup}, and it stays so until this transaction ends. Throws `not_found`. */
export async function getOwnGroup(tx: Tx, who: { readonly userId: string; readonly groupId: string }): Promise<Group> {
  if (isUuid(who.groupId))
    await tx.query('SELECT FROM group_owners WHERE user_id = $1 AND group_id = $2 FOR SHARE', [
      who.userId,
      who.groupId,
    ]);
  const group = await findOwnGroup(tx, who);
  if (group === undefined) throw groupNotFound();
  return group;
}

/** Whom exactly this names: nobody can look around in the directory with it. */
export async function findByExactName(read: Reader, name: string): Promise<string | undefined> {
  if (!isStorableText(name)) return undefined;
  const [row] = await read.query<{ id: string | null }>(`SELECT ${personNamed('$1')} AS id`, [comparisonKey(name)]);
  return row?.id ?? undefined;
}

function ownersUnknown(userIds: readonly string[], known: ReadonlySet<string>) {
  const faults = userIds.flatMap((id, index) =>
    known.has(id) ? [] : [{ pointer: `/owners/${index}/value`, code: 'unknown', detail: 'there is no such user' }],
  );
  return invalid('groups.owner_unknown', { detail: 'an owner does not exist', faults });
}
