import type { Reader } from '../../persistence/unit-of-work.ts';
import { type Listing, listIds } from '../directory-filter/list.ts';
import { GROUP_COLUMNS, type Group, groupOf } from './group.ts';
import { groupColumns } from './group-schema.ts';
import type { GroupRow } from './groups-table.ts';

export type ListedGroups = {
  readonly total: number;
  readonly groups: readonly Group[];
  readonly nextCursor: string | undefined;
};

/** Groups that meet a filter, one page of them, and how many there are. */
export async function listGroups(read: Reader, listing: Listing): Promise<ListedGroups> {
  const { total, ids, nextCursor } = await listIds(
    read,
    { from: 'groups g', id: 'g.id', columns: groupColumns },
    listing,
  );
  if (ids.length === 0) return { total, groups: [], nextCursor };
  const rows = await read.query<Omit<GroupRow, 'displayNameKey'>>(
    `SELECT ${GROUP_COLUMNS} FROM groups g WHERE g.id = ANY($1::uuid[])`,
    [ids],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return { total, groups: ids.flatMap((id) => byId.get(id) ?? []).map(groupOf), nextCursor };
}
