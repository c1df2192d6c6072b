import type { Reader } from '../../persistence/unit-of-work.ts';

/** Which of these people have a password. */
export async function findPasswordHolders(read: Reader, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await read.query<{ userId: string }>(
    'SELECT user_id AS "userId" FROM password_credentials WHERE user_id = ANY($1::uuid[])',
    [userIds],
  );
  return new Set(rows.map(({ userId }) => userId));
}
