import type { Reader } from '../../persistence/unit-of-work.ts';

/** What a person has beside their password, without any secret. */
export type SecondFactors = {
  readonly totp: { readonly createdAt: Date; readonly lastUsedAt: Date } | undefined;
  /** How many. */
  readonly passkeys: number;
  readonly recoveryCodesLeft: number;
};

/** Recovery codes stand in for one of these, and are none by themselves. */
export const hasAny = ({ totp, passkeys }: SecondFactors): boolean => totp !== undefined || passkeys > 0;

export async function findSecondFactors(read: Pick<Reader, 'query'>, userId: string): Promise<SecondFactors> {
  const [row] = await read.query<{ createdAt: Date | null; lastUsedAt: Date | null; passkeys: number; left: number }>(
    `SELECT t.created_at AS "createdAt", t.last_used_at AS "lastUsedAt",
       (SELECT count(*)::int FROM passkeys WHERE user_id = $1) AS passkeys,
       (SELECT count(*)::int FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL) AS left
     FROM (SELECT $1::uuid AS id) AS person LEFT JOIN totp_credentials t ON t.user_id = person.id`,
    [userId],
  );
  return {
    totp: row?.createdAt && row.lastUsedAt ? { createdAt: row.createdAt, lastUsedAt: row.lastUsedAt } : undefined,
    passkeys: row?.passkeys ?? 0,
    recoveryCodesLeft: row?.left ?? 0,
  };
}
