import type { Reader } from '../../persistence/unit-of-work.ts';
import { ADMINISTRATOR_ROLE } from '../access/admin-permissions.ts';
import { groupsBelow } from '../groups/groups-above.ts';
import { personInForce } from '../users/standing.ts';

/** Whether an administrator can sign in already: until then the start page says how the first one sets their password. */
export async function isSetUp(read: Reader, at: Date): Promise<boolean> {
  const [row] = await read.query<{ found: boolean }>(
    `WITH RECURSIVE assigned AS (
       SELECT a.user_id, a.group_id FROM roles JOIN role_assignments a ON a.role_id = roles.id
       WHERE roles.name = $1 AND roles.built_in
     ), ${groupsBelow('SELECT group_id FROM assigned WHERE group_id IS NOT NULL')}, holders (id) AS (
       SELECT user_id FROM assigned WHERE user_id IS NOT NULL
       UNION ALL
       SELECT m.user_id FROM below JOIN group_members m ON m.group_id = below.group_id
     )
     SELECT EXISTS (
       SELECT FROM holders JOIN users ON users.id = holders.id AND ${personInForce('$2')}
       JOIN password_credentials p ON p.user_id = users.id
     ) AS found`,
    [ADMINISTRATOR_ROLE, at],
  );
  return row?.found ?? false;
}
