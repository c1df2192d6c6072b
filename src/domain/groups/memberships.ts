import type { Reader } from '../../persistence/unit-of-work.ts';
import { compileFilter } from '../directory-filter/compile-filter.ts';
import type { Filter } from '../directory-filter/filter.ts';
import type { GroupMember } from './group-members.ts';
import { groupColumns } from './group-schema.ts';

export type GroupOfUser = { readonly value: string; readonly display: string };

/** The groups of several people, by person. */
export async function groupsOfUsers(
  read: Reader,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly GroupOfUser[]>> {
  const rows = await read.query<GroupOfUser & { owner: string }>(
    `SELECT m.user_id AS owner, g.id AS value, g.display_name AS display
     FROM group_members m JOIN groups g ON g.id = m.group_id
     WHERE m.user_id = ANY($1::uuid[]) ORDER BY m.user_id, m.group_id`,
    [userIds],
  );
  return byOwner(rows);
}

/** How many memberships several groups have together, counted no further than `limit` + 1. */
export async function countMembers(read: Reader, groupIds: readonly string[], limit: number): Promise<number> {
  const [row] = await read.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM (
       SELECT FROM group_members WHERE group_id = ANY($1::uuid[]) LIMIT $2) AS counted`,
    [groupIds, limit + 1],
  );
  return row?.count ?? 0;
}

/** All members of several groups, by group. */
export async function membersOfGroups(
  read: Reader,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, readonly GroupMember[]>> {
  const rows = await read.query<GroupMember & { owner: string }>(
    `SELECT m.group_id AS owner, m.user_id AS value, coalesce(u.display_name, u.user_name) AS display
     FROM group_members m JOIN users u ON u.id = m.user_id
     WHERE m.group_id = ANY($1::uuid[]) ORDER BY m.group_id, m.user_id`,
    [groupIds],
  );
  return byOwner(rows);
}

/** Ids of the members that meet a filter over one member (`members[value eq "…"]`). */
export async function findMembers(read: Reader, groupId: string, filter: Filter): Promise<readonly string[]> {
  const parameters: unknown[] = [groupId];
  const { members } = groupColumns;
  if (members?.kind !== 'many') return [];
  const condition = compileFilter(filter, members.values, (value) => `$${parameters.push(value)}`);
  const rows = await read.query<{ id: string }>(
    `SELECT m.user_id AS id FROM group_members m WHERE m.group_id = $1 AND (${condition})`,
    parameters,
  );
  return rows.map((row) => row.id);
}

/** What makes the members exactly these people. */
export async function differenceFrom(
  read: Reader,
  groupId: string,
  userIds: readonly string[],
): Promise<{ readonly added: readonly string[]; readonly removed: readonly string[] }> {
  const rows = await read.query<{ id: string }>('SELECT user_id AS id FROM group_members WHERE group_id = $1', [
    groupId,
  ]);
  const present = new Set(rows.map((row) => row.id));
  const wanted = new Set(userIds);
  return {
    added: [...wanted].filter((id) => !present.has(id)),
    removed: [...present].filter((id) => !wanted.has(id)),
  };
}

function byOwner<Row extends { readonly owner: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, Omit<Row, 'owner'>[]> {
  const grouped = new Map<string, Omit<Row, 'owner'>[]>();
  for (const { owner, ...rest } of rows) {
    const list = grouped.get(owner);
    if (list === undefined) grouped.set(owner, [rest]);
    else list.push(rest);
  }
  return grouped;
}
