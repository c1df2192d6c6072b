import { isUuid } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { type Group, groupNotFound, groupOf } from './group.ts';
import { GroupsTable } from './groups-table.ts';

export async function findGroup(read: Reader, id: string): Promise<Group | undefined> {
  if (!isUuid(id)) return undefined;
  const row = await read.table(GroupsTable).findOneBy({ id });
  return row === null ? undefined : groupOf(row);
}

/** Throws `not_found`, for a malformed id as well. */
export async function getGroup(read: Reader, id: string): Promise<Group> {
  const group = await findGroup(read, id);
  if (!group) throw groupNotFound();
  return group;
}

export async function findGroupByDisplayName(read: Reader, displayName: string): Promise<Group | undefined> {
  const row = await read.table(GroupsTable).findOneBy({ displayNameKey: comparisonKey(displayName) });
  return row === null ? undefined : groupOf(row);
}
