import { newId } from '../../kernel/ids.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';

/** Somebody says that they have lost their second factor, and waits until it may be taken away. */
export type FactorRecovery = {
  readonly requestedAt: Date;
  /** From then on it can be finished, unless somebody stops it. */
  readonly ripeAt: Date;
};

/** For so long it can be finished. */
export const FINISH_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

const COLUMNS = 'requested_at AS "requestedAt", ripe_at AS "ripeAt"';
const OPEN = 'stopped_at IS NULL AND completed_at IS NULL AND expires_at > $2';
/** As announced, and after as many days as the operator asks for now. */
const RIPE = 'ripe_at <= $2 AND requested_at <= $3';

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

export async function findFactorRecovery(
  read: Pick<Reader, 'query'>,
  { userId, now }: { readonly userId: string; readonly now: Date },
): Promise<FactorRecovery | undefined> {
  const [row] = await read.query<FactorRecovery>(
    `SELECT ${COLUMNS} FROM factor_recoveries WHERE user_id = $1 AND ${OPEN}`,
    [userId, now],
  );
  return row;
}

/** One that is under way goes on as it is: asking again neither hastens nor delays it. */
export async function openFactorRecovery(
  tx: Tx,
  { userId, days }: { readonly userId: string; readonly days: number },
): Promise<{ readonly recovery: FactorRecovery; readonly isNew: boolean }> {
  // Two at once: the second waits, and finds the first.
  await tx.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
  const open = await findFactorRecovery(tx, { userId, now: tx.now });
  if (open) return { recovery: open, isNew: false };
  await tx.query(
    'DELETE FROM factor_recoveries WHERE user_id = $1 AND stopped_at IS NULL AND completed_at IS NULL AND expires_at <= $2',
    [userId, tx.now],
  );
  const [ripeAt, expiresAt] = [daysBefore(tx.now, -days), daysBefore(tx.now, -days - FINISH_DAYS)];
  await tx.query(
    'INSERT INTO factor_recoveries (id, user_id, requested_at, ripe_at, expires_at) VALUES ($1, $2, $3, $4, $5)',
    [newId(tx.now.getTime()), userId, tx.now, ripeAt, expiresAt],
  );
  return { recovery: { requestedAt: tx.now, ripeAt }, isNew: true };
}

export type StopReason =
  | 'mail'
  | 'session'
  | 'administrator'
  | 'factor_used'
  | 'factors_changed'
  | 'password_changed'
  | 'taken_back'
  | 'left';

/** Whatever is under way for these people ends, and is recorded. Answers whether there was anything. */
export async function stopFactorRecoveries(
  tx: Tx,
  { userIds, by }: { readonly userIds: readonly string[]; readonly by: StopReason },
): Promise<boolean> {
  const rows = await tx.whole.query<{ userId: string }>(
    `WITH stopped AS (
       UPDATE factor_recoveries SET stopped_at = $2 WHERE user_id = ANY ($1::uuid[]) AND ${OPEN} RETURNING user_id)
     SELECT user_id AS "userId" FROM stopped`,
    [userIds, tx.now],
  );
  for (const { userId } of rows)
    tx.record({ type: 'factor-recoveries.stopped', target: { type: 'user', id: userId }, details: { by } });
  return rows.length > 0;
}

/** Whether it was ripe and nobody had stopped it; of many at once, one wins. */
export async function completeFactorRecovery(
  tx: Tx,
  { userId, days }: { readonly userId: string; readonly days: number },
): Promise<boolean> {
  if (days === 0) return false;
  const rows = await tx.query(
    `WITH completed AS (
       UPDATE factor_recoveries SET completed_at = $2 WHERE user_id = $1 AND ${OPEN} AND ${RIPE} RETURNING user_id)
     SELECT user_id FROM completed`,
    [userId, tx.now, daysBefore(tx.now, days)],
  );
  return rows.length === 1;
}

/** Whose waiting is over and who was not told so yet; each is answered once. */
export async function takeRipeFactorRecoveries(
  tx: Tx,
  { days, limit }: { readonly days: number; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await tx.query<{ userId: string }>(
    `WITH ripe AS (
       SELECT id FROM factor_recoveries WHERE told_at IS NULL AND ${OPEN} AND ${RIPE}
       ORDER BY ripe_at LIMIT $1 FOR UPDATE SKIP LOCKED
     ), told AS (
       UPDATE factor_recoveries r SET told_at = $2 FROM ripe WHERE r.id = ripe.id RETURNING r.user_id)
     SELECT user_id AS "userId" FROM told`,
    [limit, tx.now, daysBefore(tx.now, days)],
  );
  return rows.map(({ userId }) => userId);
}

/** Who has waited half of the time and was not reminded yet; each is answered once. */
export function takeRecoveriesToRemind(
  tx: Tx,
  limit: number,
): Promise<readonly (FactorRecovery & { readonly userId: string })[]> {
  return tx.query(
    `WITH half AS (
       SELECT id FROM factor_recoveries WHERE reminded_at IS NULL AND told_at IS NULL AND ${OPEN} AND ripe_at > $2
         AND requested_at + (ripe_at - requested_at) / 2 <= $2
       ORDER BY ripe_at LIMIT $1 FOR UPDATE SKIP LOCKED
     ), reminded AS (
       UPDATE factor_recoveries r SET reminded_at = $2 FROM half WHERE r.id = half.id
       RETURNING r.user_id, r.requested_at, r.ripe_at)
     SELECT user_id AS "userId", ${COLUMNS} FROM reminded`,
    [limit, tx.now],
  );
}
