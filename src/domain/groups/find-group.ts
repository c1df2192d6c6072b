import { isUuid } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { GROUP_COLUMNS, type Group, groupNotFound, groupOf } from './group.ts';
import type { GroupRow } from './groups-table.ts';

type Row = Omit<GroupRow, 'displayNameKey'>;

export async function findGroup(read: Reader, id: string): Promise<Group | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await read.query<Row>(`SELECT ${GROUP_COLUMNS} FROM groups g WHERE g.id = $1`, [id]);
  return row && groupOf(row);
}

/** Throws `not_found`, for a malformed id as well. */
export async function getGroup(read: Reader, id: string): Promise<Group> {
  const group = await findGroup(read, id);
  if (!group) throw groupNotFound();
  return group;
}

/** Teams of organizations have names of their own, and are not found by them here. */
export async function findGroupByDisplayName(read: Reader, displayName: string): Promise<Group | undefined> {
  const [row] = await read.query<Row>(
    `SELECT ${GROUP_COLUMNS} FROM groups g WHERE g.display_name_key = $1 AND g.organization_id IS NULL`,
    [comparisonKey(displayName)],
  );
  return row && groupOf(row);
}
