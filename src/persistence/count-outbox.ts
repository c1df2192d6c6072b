import type pg from 'pg';

const STATEMENTS = {
  due: 'SELECT count(*)::int AS count FROM outbox_messages WHERE delivered_at IS NULL AND failed_at IS NULL',
  failed: 'SELECT count(*)::int AS count FROM outbox_messages WHERE failed_at IS NOT NULL',
} as const;

/** For metrics: how many messages wait for delivery, or were given up. */
export async function countOutbox(pool: pg.Pool, state: keyof typeof STATEMENTS): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(STATEMENTS[state]);
  return rows[0]?.count ?? 0;
}
