import type pg from 'pg';

/** For metrics; those that were complete from the start, and only wait to be signed, are open for a second too. */
export async function countOpenReceipts(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM deprovisioning_receipts WHERE completed_at IS NULL',
  );
  return rows[0]?.count ?? 0;
}
