import type { Reader } from '../../persistence/unit-of-work.ts';
import type { ImportFormat } from './bulk-import.ts';
import { dnOf, ldifEntry } from './ldif-entry.ts';
import { type FlatRow, listOf, writeRows } from './write-rows.ts';

const COLUMNS = ['role', 'users', 'groups', 'clients', 'startsAt', 'endsAt', 'reason'];
const SUBJECTS_IN_A_ROW = 500;

const OF_ROLE = /* sql */ `
  WITH numbered AS (
    SELECT a.*, row_number() OVER (PARTITION BY a.starts_at, a.ends_at, a.reason ORDER BY a.id) - 1 AS place
    FROM role_assignments a WHERE a.role_id = $1
  )
  SELECT n.starts_at AS "startsAt", n.ends_at AS "endsAt", n.reason,
    array_remove(array_agg(u.user_name ORDER BY n.place), NULL) AS users,
    array_remove(array_agg(g.display_name ORDER BY n.place), NULL) AS groups,
    array_remove(array_agg(n.client_id ORDER BY n.place), NULL) AS clients
  FROM numbered n LEFT JOIN users u ON u.id = n.user_id LEFT JOIN groups g ON g.id = n.group_id
  GROUP BY n.starts_at, n.ends_at, n.reason, n.place / ${SUBJECTS_IN_A_ROW}
  ORDER BY n.starts_at NULLS FIRST, n.ends_at NULLS FIRST, n.reason NULLS FIRST, n.place / ${SUBJECTS_IN_A_ROW}`;

type Row = {
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly reason: string | null;
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly clients: readonly string[];
};

/** Who has which role everywhere; those with one period and reason stand in a row together. */
export const writeRoleAssignments = (read: Reader, format: ImportFormat): AsyncGenerator<string> =>
  writeRows(assignmentRows(read), { format, columns: COLUMNS, ldifOf });

async function* assignmentRows(read: Reader): AsyncGenerator<FlatRow> {
  const roles = await read.query<{ id: string; name: string }>('SELECT id, name FROM roles ORDER BY name');
  for (const { id, name: role } of roles)
    for (const { startsAt, endsAt, ...row } of await read.query<Row>(OF_ROLE, [id]))
      yield { role, ...row, startsAt: startsAt?.toISOString(), endsAt: endsAt?.toISOString() };
}

/** An organizationalRole has no period: without it a role of a week would be one for ever. */
function ldifOf({ role, users, groups, startsAt, endsAt, reason }: FlatRow): string {
  if (startsAt || endsAt || listOf(users).length + listOf(groups).length === 0) return '';
  return ldifEntry([
    ['dn', dnOf('cn', String(role), 'roles')],
    ['objectClass', 'organizationalRole'],
    ['cn', role],
    ['description', reason],
    ...listOf(users).map((name) => ['roleOccupant', dnOf('uid', name)] as const),
    ...listOf(groups).map((name) => ['roleOccupant', dnOf('cn', name)] as const),
  ]);
}
