import type { Tx } from '../../persistence/unit-of-work.ts';
import type { UserStatus } from './standing.ts';

export type ClosedStatus = Exclude<UserStatus, 'active'>;

/** Those who had another status until now, and which. Whatever of theirs began before this moment no longer counts. */
export async function markInactive(
  tx: Tx,
  ids: readonly string[],
  to: ClosedStatus = 'inactive',
): Promise<readonly { readonly id: string; readonly from: UserStatus }[]> {
  const rows = await tx.query<{ id: string; from: UserStatus }>(
    `WITH was AS (
       SELECT id, status FROM users WHERE id = ANY($1::uuid[]) AND status <> $3 ORDER BY id FOR UPDATE
     ), changed AS (
       UPDATE users SET status = $3, access_valid_from = $2, version = version + 1, updated_at = $2
       FROM was WHERE users.id = was.id RETURNING users.id, was.status AS "from")
     SELECT id, "from" FROM changed`,
    [ids, tx.now, to],
  );
  for (const { id } of rows) {
    tx.announce({ topic: 'users', key: id });
    tx.announce({ topic: 'access', key: `user:${id}` });
  }
  return rows;
}
