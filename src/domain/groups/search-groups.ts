import { isUuid } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { GROUP_COLUMNS, type Group, groupOf } from './group.ts';
import type { GroupRow } from './groups-table.ts';

export type GroupFilters = {
  readonly displayName?: string | undefined;
  /** RFC 7643 §3.1: compared exactly. */
  readonly externalId?: string | undefined;
  /** Groups this person is a member of. */
  readonly userId?: string | undefined;
  /** The teams of this organization. */
  readonly organizationId?: string | undefined;
};

export async function searchGroups(
  read: Reader,
  { filters, cursor, limit }: PageRequest & { readonly filters: GroupFilters },
): Promise<Page<Group>> {
  const { displayName, externalId, userId, organizationId } = filters;
  // A malformed id belongs to nobody, so nobody's groups are the answer.
  if ([userId, organizationId].some((id) => id !== undefined && !isUuid(id)))
    return { items: [], nextCursor: undefined };
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const where = (condition: string, value: unknown): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition.replace('?', `$${parameters.length}`));
  };
  where('g.display_name_key = ?', displayName === undefined ? undefined : comparisonKey(displayName));
  where('g.external_id = ?', externalId);
  where('m.user_id = ?', userId);
  where('g.organization_id = ?', organizationId);
  const [from, id] =
    userId === undefined ? ['groups g', 'g.id'] : ['group_members m JOIN groups g ON g.id = m.group_id', 'm.group_id'];
  where(`${id} > ?`, cursor === undefined ? undefined : decodeCursor(cursor, isUuid));
  parameters.push(limit + 1);
  const rows = await read.query<Omit<GroupRow, 'displayNameKey'>>(
    `SELECT ${GROUP_COLUMNS}
     FROM ${from} ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
     ORDER BY ${id} LIMIT $${parameters.length}`,
    parameters,
  );
  return toPage(rows.map(groupOf), limit, (group) => group.id);
}
