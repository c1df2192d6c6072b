import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type pg from 'pg';
import type { Configuration } from '../config/configuration.ts';
import { operatorActor } from '../kernel/actor.ts';
import { parseKeyEncryptionKey } from '../kernel/crypto/key-encryption-key.ts';
import { readKeyEncryptionKeyFile } from '../kernel/crypto/key-encryption-key-file.ts';
import { migrate, schemaState } from '../persistence/migrate.ts';
import { migrations } from '../persistence/migrations.ts';
import { tablesOf } from './backup.ts';
import { type BackupHeader, readBackup, verifyBackup } from './backup-file.ts';
import { argument, type Command, CommandFailed, isSet } from './command.ts';
import { type Installation, withInstallation } from './open-installation.ts';

export const restoreCommand: Command = {
  name: 'restore',
  usage: 'FILE [--force]',
  summary: 'Fill an empty database, and the keys directory, from a backup; no server may run on it',
  details: [
    '  --force  replace a database that is not empty, and a key file that is another one (kept beside the new one)',
  ],
  arguments: ['FILE'],
  options: { force: { type: 'boolean' } },
  async run(invocation) {
    const { configuration, values, report, say, terminal } = invocation;
    const settings = configuration();
    const path = resolve(terminal.cwd, argument(invocation, 0));
    const header = await verifyBackup(path);
    const force = isSet(values.force);
    await withInstallation(
      { configuration: settings, command: 'restore', schema: 'any', share: false, report },
      async (installation) => {
        await assertNoServer(installation);
        assertSameSchema(header);
        const isEmpty = (await schemaState(installation.dataSource)).pending.length === migrations.length;
        if (!isEmpty && !force)
          throw new CommandFailed(
            'This database is not empty: restore into an empty data directory, or replace what is there with --force.',
          );
        const undoKey = await placeKey(settings, header, force);
        try {
          await fill(installation, path, isEmpty);
        } catch (error) {
          await undoKey();
          throw error;
        }
        await installation.transact(operatorActor('restore'), async (tx) =>
          tx.record({ type: 'backups.restored', details: { createdAt: header.createdAt, version: header.version } }),
        );
      },
    );
    await say(`Restored what was backed up at ${header.createdAt}.`);
    if (header.keyEncryptionKey === null)
      report(
        'The backup holds no key: give the one of that time in DOORWARD_KEY_ENCRYPTION_KEY or the keys directory.',
      );
    return 0;
  },
};

function assertSameSchema({ migrations: names, version }: BackupHeader): void {
  const known = new Set(migrations.map(({ name }) => name));
  if (names.length === known.size && names.every((name) => known.has(name))) return;
  throw new CommandFailed(
    `This backup was made by Doorward ${version}, whose database has another form: restore it with that version, then start this one on it.`,
  );
}

/** An embedded database is held by its server; on another one, servers show by their connections. */
async function assertNoServer({ pool }: Installation): Promise<void> {
  const { rows } = await pool.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'doorward changes' LIMIT 1`,
  );
  if (rows.length > 0) throw new CommandFailed('A server works on this database: stop every server first.');
}

/** Puts the backup's key where the server looks for it; answers the way back. */
async function placeKey(
  { keysDir }: Configuration,
  { keyEncryptionKey }: BackupHeader,
  force: boolean,
): Promise<() => Promise<void>> {
  if (keyEncryptionKey === null) return async () => undefined;
  const key = parseKeyEncryptionKey(keyEncryptionKey);
  const path = join(keysDir, 'key-encryption-key');
  const present = await readKeyEncryptionKeyFile(path);
  if (present?.equals(key)) return async () => undefined;
  if (present !== undefined && !force)
    throw new CommandFailed(
      `${path} is another key than the backup's: point DOORWARD_KEYS_DIR at an empty directory, or keep it aside with --force.`,
    );
  const aside = `${path}.replaced-${new Date().toISOString().replaceAll(':', '')}`;
  await mkdir(keysDir, { recursive: true, mode: 0o700 });
  if (present !== undefined) await rename(path, aside);
  await writeFile(path, `# Doorward's key-encryption key, from a backup.\n${keyEncryptionKey}\n`, {
    mode: 0o600,
    flag: 'wx',
  });
  return async () => {
    await rm(path, { force: true });
    if (present !== undefined) await rename(aside, path);
  };
}

const REPLACED = 'replaced_by_restore';

/** What was there is kept until all is in place. */
async function fill({ pool, dataSource }: Installation, path: string, isEmpty: boolean): Promise<void> {
  if (!isEmpty) {
    await pool.query(`DROP SCHEMA IF EXISTS ${REPLACED} CASCADE`);
    await pool.query(`ALTER SCHEMA public RENAME TO ${REPLACED}; CREATE SCHEMA public`);
  }
  try {
    await migrate(dataSource, () => undefined);
    const client = await pool.connect();
    try {
      await insertAll(client, path);
    } finally {
      client.release(true);
    }
  } catch (error) {
    await pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    if (!isEmpty) await pool.query(`DROP SCHEMA public; ALTER SCHEMA ${REPLACED} RENAME TO public`);
    throw error;
  }
  if (!isEmpty) await pool.query(`DROP SCHEMA ${REPLACED} CASCADE`);
}

const ROWS_AT_ONCE = 500;

async function insertAll(client: pg.PoolClient, path: string): Promise<void> {
  const known = new Map((await tablesOf(client)).map((table) => [table.table, table.columns.join()]));
  await client.query('BEGIN');
  await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL datestyle = ISO; SET LOCAL timezone = 'UTC'`);
  let table: string | undefined;
  let rows: string[] = [];
  const flush = async (): Promise<void> => {
    if (table !== undefined && rows.length > 0)
      await client.query(
        `INSERT INTO "${table}" SELECT (t.line).* FROM (SELECT unnest($1::text[]::"${table}"[]) AS line OFFSET 0) t`,
        [rows],
      );
    rows = [];
  };
  for await (const line of readBackup(path)) {
    if ('row' in line) {
      rows.push(line.row);
      if (rows.length >= ROWS_AT_ONCE) await flush();
      continue;
    }
    await flush();
    table = line.table.table;
    if (known.get(table) !== line.table.columns.join())
      throw new CommandFailed(
        `The table ${table} of this backup has another form than this version's; nothing was changed.`,
      );
  }
  await flush();
  await client.query('COMMIT');
}
