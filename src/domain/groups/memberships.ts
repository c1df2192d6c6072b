import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { compileFilter } from '../directory-filter/compile-filter.ts';
import type { Filter } from '../directory-filter/filter.ts';
import type { GroupMember } from './group-members.ts';
import { groupColumns, MEMBERSHIPS } from './group-schema.ts';

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

/** A member as a caller names them; of what kind they are may be left to the directory. */
export type NamedMember = { readonly value: string; readonly type?: GroupMember['type'] | undefined };
type TypedMember = Pick<GroupMember, 'value' | 'type'>;

/** The kind of each: what is no group is taken for a person. */
export async function typedMembers(read: Reader, members: readonly NamedMember[]): Promise<readonly TypedMember[]> {
  const untyped = members.flatMap(({ value, type }) => (type === undefined && isUuid(value) ? [value] : []));
  const rows =
    untyped.length === 0
      ? []
      : await read.query<{ id: string }>('SELECT id FROM groups WHERE id = ANY($1::uuid[])', [untyped]);
  const groups = new Set(rows.map(({ id }) => id));
  return members.map(({ value, type }) => ({ value, type: type ?? (groups.has(value) ? 'Group' : 'User') }));
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

/** All direct members of several groups, people before groups, by group. */
export async function membersOfGroups(
  read: Reader,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, readonly GroupMember[]>> {
  const rows = await read.query<GroupMember & { owner: string }>(
    `SELECT m.group_id AS owner, m.user_id AS value, coalesce(u.display_name, u.user_name) AS display, 'User' AS type
     FROM group_members m JOIN users u ON u.id = m.user_id WHERE m.group_id = ANY($1::uuid[])
     UNION ALL
     SELECT i.group_id, i.included_group_id, g.display_name, 'Group'
     FROM group_inclusions i JOIN groups g ON g.id = i.included_group_id WHERE i.group_id = ANY($1::uuid[])
     ORDER BY owner, type DESC, value`,
    [groupIds],
  );
  return byOwner(rows);
}

/** The members that meet a filter over one member (`members[value eq "…"]`). */
export async function findMembers(read: Reader, groupId: string, filter: Filter): Promise<readonly TypedMember[]> {
  const parameters: unknown[] = [groupId];
  const { members } = groupColumns;
  if (members?.kind !== 'many') return [];
  const condition = compileFilter(filter, members.values, (value) => `$${parameters.push(value)}`);
  return read.query<TypedMember>(
    `SELECT m.value, m.type FROM ${MEMBERSHIPS} m WHERE m.group_id = $1 AND (${condition})`,
    parameters,
  );
}

/** What makes the members exactly these. */
export async function differenceFrom(
  read: Reader,
  groupId: string,
  members: readonly TypedMember[],
): Promise<{ readonly added: readonly TypedMember[]; readonly removed: readonly TypedMember[] }> {
  const rows = await read.query<TypedMember>(`SELECT m.value, m.type FROM ${MEMBERSHIPS} m WHERE m.group_id = $1`, [
    groupId,
  ]);
  const nameOf = ({ value, type }: TypedMember): string => `${type} ${value}`;
  const present = new Map(rows.map((member) => [nameOf(member), member]));
  const wanted = new Map(members.map((member) => [nameOf(member), member]));
  return {
    added: [...wanted.values()].filter((member) => !present.has(nameOf(member))),
    removed: [...present.values()].filter((member) => !wanted.has(nameOf(member))),
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
