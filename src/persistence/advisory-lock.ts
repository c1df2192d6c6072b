import type pg from 'pg';

/** Advisory lock numbers of this product, all in one place so that no two duties share one. */
export const advisoryLocks = {
  dataDirectory: 0x64770001,
  migrate: 0x64770002,
  sealAudit: 0x64770003,
  rotateKeys: 0x64770004,
  bootstrap: 0x64770005,
  lastAdministrator: 0x64770006,
  roleInheritance: 0x64770007,
  groupInclusions: 0x64770020,
  membershipRules: 0x64770021,
  organizationTree: 0x64770022,
  runLifecycle: 0x64770010,
} as const;

export type AdvisoryLock = (typeof advisoryLocks)[keyof typeof advisoryLocks];

/** Runs `work` on one connection while it alone holds the lock in this database; others wait. */
export async function withAdvisoryLock<T>(
  pool: pg.Pool,
  lock: AdvisoryLock,
  work: (connection: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const connection = await pool.connect();
  let broken: Error | undefined;
  try {
    await connection.query('SET statement_timeout = 0');
    await connection.query('SELECT pg_advisory_lock($1)', [lock]);
    return await work(connection);
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A failed connection is thrown away, and its lock with it.
    if (broken === undefined) {
      await connection.query('SELECT pg_advisory_unlock($1)', [lock]);
      await connection.query('RESET statement_timeout');
    }
    connection.release(broken);
  }
}

/** Like {@link withAdvisoryLock}, but answers `undefined` at once when another process holds the lock. */
export async function tryAdvisoryLock<T>(
  pool: pg.Pool,
  lock: AdvisoryLock,
  work: (connection: pg.PoolClient) => Promise<T>,
): Promise<T | undefined> {
  const connection = await pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await connection.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [lock]);
    if (!rows[0]?.taken) return undefined;
    try {
      return await work(connection);
    } finally {
      await connection.query('SELECT pg_advisory_unlock($1)', [lock]);
    }
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    connection.release(broken);
  }
}
