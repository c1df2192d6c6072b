import { invalid } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import { onConstraint, type Reader, type Tx } from '../../persistence/unit-of-work.ts';
import { getGroup } from './find-group.ts';
import { groupNotFound } from './group.ts';
import { lockRules, membersFollowRule } from './membership-rule.ts';

/** RFC 7643 §4.2 `members`: `value` is the id of a person or a group, `display` what they are called. */
export type GroupMember = { readonly value: string; readonly display: string; readonly type: 'User' | 'Group' };

type Membership = {
  readonly groupId: string;
  readonly userIds: readonly string[];
  /** Where the caller named each person. */
  readonly pointers?: readonly string[] | undefined;
};

/** More than this many are announced as one change of everything. */
const ANNOUNCED_ONE_BY_ONE = 50;

/** Who is a member already stays one. Throws `not_found` for the group and `invalid` naming the people who do not exist. */
export async function addGroupMembers(tx: Tx, { groupId, userIds, pointers }: Membership): Promise<readonly string[]> {
  const group = await getGroup(tx, groupId);
  await lockRules(tx, 'people');
  await assertByHand(tx, group.id);
  await assertPeople(tx, { userIds, pointers, organizationId: group.organizationId });
  const rows = await tx
    .query<{ userId: string }>(
      `WITH added AS (
         INSERT INTO group_members (group_id, user_id, created_at)
         SELECT $1, person, $3 FROM unnest($2::uuid[]) AS person ORDER BY person
         ON CONFLICT DO NOTHING RETURNING user_id)
       SELECT user_id AS "userId" FROM added`,
      [group.id, [...new Set(userIds)], tx.now],
    )
    .catch(onConstraint('group_members_group_id_fkey', groupNotFound))
    .catch(onConstraint('group_members_user_id_fkey', () => unknownPeople(userIds, new Set(), pointers)));
  return membersChanged(tx, {
    type: 'group-members.added',
    groupId: group.id,
    userIds: rows.map((row) => row.userId),
  });
}

/** Who is no member is passed over. The lifecycle room makes sure an administrator remains. */
export async function removeGroupMembers(tx: Tx, { groupId, userIds }: Membership): Promise<readonly string[]> {
  const group = await getGroup(tx, groupId);
  if (group.membershipRule !== undefined) throw membersFollowRule();
  const rows = await tx.query<{ userId: string }>(
    `WITH gone AS (DELETE FROM group_members WHERE group_id = $1 AND user_id = ANY($2::uuid[]) RETURNING user_id)
     SELECT user_id AS "userId" FROM gone`,
    [group.id, userIds.filter(isUuid)],
  );
  return membersChanged(tx, {
    type: 'group-members.removed',
    groupId: group.id,
    userIds: rows.map((row) => row.userId),
  });
}

/** Throws conflict `groups.members_follow_rule`. The caller holds the lock over rules. */
export async function assertByHand(read: Reader, groupId: string): Promise<void> {
  if ((await getGroup(read, groupId)).membershipRule !== undefined) throw membersFollowRule();
}

export type MembersChange = {
  readonly type: 'group-members.added' | 'group-members.removed';
  readonly groupId: string;
  /** Not by hand: {@link Group.membershipRule}. */
  readonly byRule?: true;
} & ({ readonly userIds: readonly string[] } | { readonly groupIds: readonly string[] });

/** Records who came or went, if anyone did. A group's version counts who is in it as well. */
export async function membersChanged(tx: Tx, { type, groupId, ...who }: MembersChange): Promise<readonly string[]> {
  const ids = 'userIds' in who ? who.userIds : who.groupIds;
  if (ids.length === 0) return ids;
  await tx.query('UPDATE groups SET version = version + 1, updated_at = $2 WHERE id = $1', [groupId, tx.now]);
  tx.record({ type, target: { type: 'group', id: groupId }, details: who });
  if ('groupIds' in who || ids.length > ANNOUNCED_ONE_BY_ONE) tx.announce({ topic: 'access', key: '*' });
  else for (const userId of ids) tx.announce({ topic: 'access', key: `user:${userId}` });
  return ids;
}

type Named = Pick<Membership, 'userIds' | 'pointers'> & { readonly organizationId: string | undefined };

/** Into a team come members of its organization alone; the lock keeps them there until the end of the transaction. */
const IN_ORGANIZATION = `SELECT user_id AS id FROM organization_members WHERE user_id = ANY($1::uuid[]) AND organization_id = $2
  FOR KEY SHARE`;

/** Those of them who exist and, for a team, are members of its organization until the end of the transaction. */
export async function peopleFor(
  tx: Tx,
  { userIds, organizationId }: Pick<Named, 'userIds' | 'organizationId'>,
): Promise<ReadonlySet<string>> {
  const ids = userIds.filter(isUuid);
  const known = await (organizationId === undefined
    ? tx.query<{ id: string }>('SELECT id FROM users WHERE id = ANY($1::uuid[])', [ids])
    : tx.whole.query<{ id: string }>(IN_ORGANIZATION, [ids, organizationId]));
  return new Set(known.map((row) => row.id));
}

async function assertPeople(tx: Tx, { pointers, ...named }: Named): Promise<void> {
  const { userIds } = named;
  const found = await peopleFor(tx, named);
  if (userIds.some((id) => !found.has(id))) throw unknownPeople(userIds, found, pointers);
}

function unknownPeople(userIds: readonly string[], known: ReadonlySet<string>, pointers?: readonly string[]) {
  const faults = userIds.flatMap((id, index) =>
    known.has(id)
      ? []
      : [{ pointer: pointers?.[index] ?? `/members/${index}/value`, code: 'unknown', detail: 'there is no such user' }],
  );
  return invalid('groups.member_unknown', { detail: 'a member does not exist', faults });
}

/** Direct members, people and groups, by their id. Throws `not_found` for the group. */
export async function searchGroupMembers(
  read: Reader,
  { groupId, cursor, limit }: PageRequest & { readonly groupId: string },
): Promise<Page<GroupMember>> {
  const group = await getGroup(read, groupId);
  const rows = await read.query<GroupMember>(
    `(SELECT m.user_id AS value, coalesce(u.display_name, u.user_name) AS display, 'User' AS type
      FROM group_members m JOIN users u ON u.id = m.user_id
      WHERE m.group_id = $1 AND ($2::uuid IS NULL OR m.user_id > $2) ORDER BY m.user_id LIMIT $3)
     UNION ALL
     (SELECT i.included_group_id, g.display_name, 'Group'
      FROM group_inclusions i JOIN groups g ON g.id = i.included_group_id
      WHERE i.group_id = $1 AND ($2::uuid IS NULL OR i.included_group_id > $2) ORDER BY i.included_group_id LIMIT $3)
     ORDER BY value LIMIT $3`,
    [group.id, cursor === undefined ? null : decodeCursor(cursor, isUuid), limit + 1],
  );
  return toPage(rows, limit, (member) => member.value);
}
