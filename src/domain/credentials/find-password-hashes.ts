import type { Reader } from '../../persistence/unit-of-work.ts';

/** The stored hashes of these people, by person. Whoever reads them can try passwords at leisure. */
export async function findPasswordHashes(
  read: Reader,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await read.query<{ userId: string; hash: string }>(
    'SELECT user_id AS "userId", hash FROM password_credentials WHERE user_id = ANY ($1::uuid[])',
    [userIds],
  );
  return new Map(rows.map(({ userId, hash }) => [userId, hash]));
}
