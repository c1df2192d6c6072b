import type { Reader } from '../../persistence/unit-of-work.ts';
import type { ImportFormat } from './bulk-import.ts';
import { dnOf, ldifEntry } from './ldif-entry.ts';
import { type FlatRow, listOf, writeRows } from './write-rows.ts';

const MEMBERS_IN_A_ROW = 500;
const COLUMNS = ['displayName', 'externalId', 'membershipRule', 'members', 'groups'];

/** A group comes after those inside it, so that the file can be read from its beginning. */
const IN_ORDER = /* sql */ `
  WITH RECURSIVE level (id, depth) AS (
    SELECT id, 0 FROM groups WHERE organization_id IS NULL
    UNION
    SELECT i.group_id, level.depth + 1 FROM level JOIN group_inclusions i ON i.included_group_id = level.id
  )
  SELECT g.id, g.display_name AS "displayName", g.external_id AS "externalId", g.membership_rule AS "membershipRule",
    ARRAY(SELECT inner_group.display_name FROM group_inclusions i JOIN groups inner_group ON inner_group.id = i.included_group_id
      WHERE i.group_id = g.id ORDER BY inner_group.display_name_key) AS groups
  FROM groups g JOIN (SELECT id, max(depth) AS depth FROM level GROUP BY id) ordered ON ordered.id = g.id
  ORDER BY ordered.depth, g.display_name_key`;

type GroupRow = {
  readonly id: string;
  readonly displayName: string;
  readonly externalId: string | null;
  readonly membershipRule: string | null;
  readonly groups: readonly string[];
};

/** All groups but the teams of organizations. One with many members stands in several rows, but for LDIF. */
export const writeGroups = (read: Reader, format: ImportFormat): AsyncGenerator<string> =>
  writeRows(groupRows(read, format), { format, columns: COLUMNS, ldifOf });

async function* groupRows(read: Reader, format: ImportFormat): AsyncGenerator<FlatRow> {
  for (const { id, ...group } of await read.query<GroupRow>(IN_ORDER)) {
    const chunks = group.membershipRule === null ? membersOf(read, id) : noMembers();
    let members: string[] = [];
    let isFirst = true;
    for await (const chunk of chunks) {
      members.push(...chunk);
      if (format === 'ldif' || chunk.length < MEMBERS_IN_A_ROW) continue;
      yield isFirst ? { ...group, members } : { displayName: group.displayName, members };
      [members, isFirst] = [[], false];
    }
    if (isFirst || members.length > 0)
      yield isFirst ? { ...group, members } : { displayName: group.displayName, members };
  }
}

// By rule, as soon as the rule is there again.
async function* noMembers(): AsyncGenerator<readonly string[]> {}

async function* membersOf(read: Reader, groupId: string): AsyncGenerator<readonly string[]> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await read.query<{ id: string; userName: string }>(
      `SELECT u.id, u.user_name AS "userName" FROM group_members m JOIN users u ON u.id = m.user_id
       WHERE m.group_id = $1 AND m.user_id > $2 ORDER BY m.user_id LIMIT ${MEMBERS_IN_A_ROW}`,
      [groupId, after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(({ userName }) => userName);
    if (rows.length < MEMBERS_IN_A_ROW) return;
    after = last.id;
  }
}

const ldifOf = ({ displayName, externalId, members, groups }: FlatRow): string =>
  ldifEntry([
    ['dn', dnOf('cn', String(displayName))],
    ['objectClass', 'groupOfNames'],
    ['cn', displayName],
    ['entryUUID', externalId],
    ...listOf(members).map((name) => ['member', dnOf('uid', name)] as const),
    ...listOf(groups).map((name) => ['member', dnOf('cn', name)] as const),
  ]);
