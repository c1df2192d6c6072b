import type { Reader } from '../../persistence/unit-of-work.ts';
import { ADMINISTRATOR_ROLE } from '../access/admin-permissions.ts';
import { personInForce } from '../users/standing.ts';

/** Whether an administrator can sign in already: until then the start page says how the first one sets their password. */
export async function isSetUp(read: Reader, at: Date): Promise<boolean> {
  const [row] = await read.query<{ found: boolean }>(
    `SELECT EXISTS (
       SELECT FROM roles JOIN role_assignments a ON a.role_id = roles.id
       LEFT JOIN group_members m ON m.group_id = a.group_id
       JOIN users ON users.id = coalesce(a.user_id, m.user_id) AND ${personInForce('$2')}
       JOIN password_credentials p ON p.user_id = users.id
       WHERE roles.name = $1 AND roles.built_in
     ) AS found`,
    [ADMINISTRATOR_ROLE, at],
  );
  return row?.found ?? false;
}
