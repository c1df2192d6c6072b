import type { DataSource } from 'typeorm';
import { StartRefused } from '../kernel/start-refused.ts';
import { advisoryLocks, withAdvisoryLock } from './advisory-lock.ts';
import { poolOf } from './data-source.ts';
import { ensureOrganizationRole } from './organization-scope.ts';

export type SchemaState = { readonly pending: readonly string[]; readonly unknown: readonly string[] };

const OLDEST_SUPPORTED_POSTGRESQL = 15;

/** Which migrations this binary would still run, and which the database has that this binary does not know. */
export async function schemaState(dataSource: DataSource): Promise<SchemaState> {
  const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const exists = await dataSource.query<{ present: boolean }[]>(
    `SELECT to_regclass('schema_migrations') IS NOT NULL AS present`,
  );
  const applied = exists[0]?.present
    ? await dataSource.query<{ name: string }[]>('SELECT name FROM schema_migrations ORDER BY timestamp')
    : [];
  const names = applied.map((row) => row.name);
  return {
    pending: known.filter((name) => !names.includes(name)),
    unknown: names.filter((name) => !known.includes(name)),
  };
}

/**
 * Brings the schema to this binary's state. Several processes may call it at once: one migrates, the others wait and
 * find nothing to do. Throws {@link StartRefused} when the schema is newer than the binary, or PostgreSQL too old.
 */
export async function migrate(dataSource: DataSource, report: (progress: string) => void): Promise<readonly string[]> {
  await assertSupportedServer(dataSource);
  // The usual start has nothing to do and takes no lock.
  if ((await checkedState(dataSource)).pending.length === 0) {
    await ensureOrganizationRole(dataSource);
    return [];
  }
  return withAdvisoryLock(poolOf(dataSource), advisoryLocks.migrate, async () => {
    const { pending } = await checkedState(dataSource);
    if (pending.length === 0) return [];
    report(`Migrating the database (${pending.length} ${pending.length === 1 ? 'step' : 'steps'}) …`);
    const ran = await dataSource.runMigrations({ transaction: 'all' });
    await ensureOrganizationRole(dataSource);
    return ran.map((migration) => migration.name);
  });
}

async function checkedState(dataSource: DataSource): Promise<SchemaState> {
  const state = await schemaState(dataSource);
  if (state.unknown.length > 0) {
    throw new StartRefused(
      `The database was migrated by a newer Doorward (it has ${state.unknown.join(', ')}); start that version, or restore a backup made with this one.`,
    );
  }
  return state;
}

async function assertSupportedServer(dataSource: DataSource): Promise<void> {
  const rows = await dataSource.query<{ server_version_num: string; server_version: string }[]>(
    `SELECT current_setting('server_version_num') AS server_version_num, current_setting('server_version') AS server_version`,
  );
  const version = rows[0];
  if (!version || Number(version.server_version_num) < OLDEST_SUPPORTED_POSTGRESQL * 10_000) {
    throw new StartRefused(
      `Doorward needs PostgreSQL ${OLDEST_SUPPORTED_POSTGRESQL} or newer; this server is ${version?.server_version ?? 'unknown'}.`,
    );
  }
}
