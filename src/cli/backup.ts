import { resolve } from 'node:path';
import type pg from 'pg';
import { openMasterSecret } from '../domain/keys/key-encryption-key-check.ts';
import { findMasterEnvelope } from '../domain/keys/key-rows.ts';
import { operatorActor } from '../kernel/actor.ts';
import { formatKeyEncryptionKey } from '../kernel/crypto/key-encryption-key.ts';
import { openKeyEncryptionKey } from '../kernel/open-key-encryption-key.ts';
import { version } from '../kernel/version.ts';
import { assertNewFile, type BackupHeader, type BackupTable, writeBackup } from './backup-file.ts';
import { argument, type Command } from './command.ts';
import type { Installation } from './open-installation.ts';
import { workOn } from './work-on.ts';

export const backupCommand: Command = {
  name: 'backup',
  usage: 'FILE',
  summary: 'Write the whole database and its key file into one file, beside a running server too',
  details: [
    '  One consistent moment of everything. Whoever has the file and the key in it can open every secret:',
    '  keep it as you keep the key. A key given in DOORWARD_KEY_ENCRYPTION_KEY is not in the file.',
  ],
  arguments: ['FILE'],
  run: (invocation) =>
    workOn(invocation, 'backup', async (installation) => {
      const path = resolve(invocation.terminal.cwd, argument(invocation, 0));
      await assertNewFile(path);
      const keyEncryptionKey = await keyFor(installation);
      // First, so that the backup tells of itself.
      await installation.transact(operatorActor('backup'), async (tx) => tx.record({ type: 'backups.created' }));
      const { lines } = await withSnapshot(installation.pool, (client) =>
        writeBackup(path, linesOf(client, keyEncryptionKey)),
      );
      await invocation.say(`Wrote ${path} (${lines} lines).`);
      invocation.report(
        keyEncryptionKey === null
          ? 'The key-encryption key is not in it: keep that key too, without it the backup opens nothing.'
          : 'The key-encryption key is in it: whoever reads this file can open every secret of this installation.',
      );
      return 0;
    }),
};

async function keyFor({ configuration, read }: Installation): Promise<string | null> {
  const kek = await openKeyEncryptionKey(configuration);
  const envelope = await findMasterEnvelope(read);
  // A backup with a key that opens nothing would be found out too late.
  if (envelope) openMasterSecret(kek, envelope);
  return configuration.keyEncryptionKey === undefined ? formatKeyEncryptionKey(kek.key) : null;
}

/** One connection on which the database stands still. */
async function withSnapshot<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    // The text forms do not depend on what the server or the role is set to.
    await client.query(
      `SET LOCAL datestyle = ISO; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = hex`,
    );
    return await work(client);
  } finally {
    // Nothing was written; a connection in an unknown state is not used again.
    client.release(true);
  }
}

const ROWS_AT_ONCE = 500;

async function* linesOf(client: pg.PoolClient, keyEncryptionKey: string | null): AsyncGenerator<unknown> {
  const migrations = await client.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY timestamp');
  yield {
    doorwardBackup: 1,
    version,
    createdAt: new Date().toISOString(),
    migrations: migrations.rows.map(({ name }) => name),
    keyEncryptionKey,
  } satisfies BackupHeader;
  for (const { table, columns } of await tablesOf(client)) {
    yield { table, columns } satisfies BackupTable;
    await client.query(`DECLARE rows_of CURSOR FOR SELECT t::text AS row FROM "${table}" t`);
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`FETCH ${ROWS_AT_ONCE} FROM rows_of`);
      for (const { row } of rows) yield row;
      if (rows.length < ROWS_AT_ONCE) break;
    }
    await client.query('CLOSE rows_of');
  }
}

/** Every table but the list of migrations, each after those it refers to; partitions belong to their table. */
export async function tablesOf(client: pg.ClientBase): Promise<readonly BackupTable[]> {
  const { rows } = await client.query<BackupTable & { refers: readonly string[] }>(`
    SELECT c.relname AS table,
      ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum) AS columns,
      ARRAY(SELECT DISTINCT f.confrelid::regclass::text FROM pg_constraint f
        WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS refers
    FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname <> 'schema_migrations' ORDER BY c.relname`);
  const byName = new Map(rows.map((row) => [row.table, row]));
  const ordered = new Map<string, BackupTable>();
  const visit = (name: string): void => {
    const row = byName.get(name);
    if (row === undefined || ordered.has(name)) return;
    byName.delete(name);
    row.refers.forEach(visit);
    ordered.set(name, { table: row.table, columns: row.columns });
  };
  for (const { table } of rows) visit(table);
  return [...ordered.values()];
}
