import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { findUsers } from './list-users.ts';
import type { User } from './user.ts';

export type UserNames = { readonly userNames: readonly string[]; readonly externalIds: readonly string[] };

/** Whoever has one of these userNames or externalIds, locked until the end of the transaction, in the order of ids. */
export async function lockNamedUsers(tx: Tx, { userNames, externalIds }: UserNames): Promise<readonly User[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM users WHERE user_name_key = ANY ($1::text[]) OR external_id = ANY ($2::text[])
     ORDER BY id FOR NO KEY UPDATE`,
    [userNames.map(comparisonKey), externalIds],
  );
  return findUsers(
    tx,
    rows.map(({ id }) => id),
  );
}
