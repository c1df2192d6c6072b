import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Configuration } from '../config/configuration.ts';
import { openMasterSecret } from '../domain/keys/key-encryption-key-check.ts';
import { findMasterEnvelope } from '../domain/keys/key-rows.ts';
import { KeyEncryptionKeyError, parseKeyEncryptionKey } from '../kernel/crypto/key-encryption-key.ts';
import { readKeyEncryptionKeyFile } from '../kernel/crypto/key-encryption-key-file.ts';
import { StartRefused } from '../kernel/start-refused.ts';
import { schemaState } from '../persistence/migrate.ts';
import { type Finding, messageOf } from './finding.ts';
import type { Installation } from './open-installation.ts';

const OLDEST_SUPPORTED = 15;

export async function checkDatabase({ read, configuration }: Installation): Promise<Finding> {
  const [row] = await read.query<{ version: string; number: string }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number`,
  );
  const kind =
    configuration.databaseUrl === undefined ? `embedded, in ${configuration.dataDir}` : 'from DOORWARD_DATABASE_URL';
  const detail = `PostgreSQL ${row?.version} (${kind})`;
  if (Number(row?.number) >= OLDEST_SUPPORTED * 10_000) return { check: 'database', state: 'ok', detail };
  return { check: 'database', state: 'fail', detail: `${detail}: upgrade it to ${OLDEST_SUPPORTED} or newer` };
}

export async function checkMigrations({ dataSource }: Installation): Promise<Finding> {
  const { pending, unknown } = await schemaState(dataSource);
  if (unknown.length > 0)
    return {
      check: 'migrations',
      state: 'fail',
      detail: `the database is newer than this version (${unknown.join(', ')}): start the version that migrated it`,
    };
  if (pending.length > 0)
    return {
      check: 'migrations',
      state: 'warn',
      detail: `${pending.length} to run: doorward migrate, or the next start, does`,
    };
  return { check: 'migrations', state: 'ok', detail: 'the schema is this version’s' };
}

export async function checkKeys({ read, configuration, dataSource }: Installation): Promise<Finding> {
  const check = 'key-encryption key';
  try {
    const found = await findKey(configuration);
    const { pending } = await schemaState(dataSource);
    const envelope = pending.length > 0 ? undefined : await findMasterEnvelope(read);
    if (envelope === undefined)
      return {
        check,
        state: found ? 'ok' : 'warn',
        detail: found ? 'nothing is sealed under it yet' : 'made at the first start',
      };
    if (found === undefined)
      return {
        check,
        state: 'fail',
        detail: `there is none in ${configuration.keysDir}: put it back from your backup`,
      };
    openMasterSecret(found, envelope);
    return { check, state: 'ok', detail: `the one in ${found.source} opens this database's secrets` };
  } catch (error) {
    if (error instanceof StartRefused || error instanceof KeyEncryptionKeyError)
      return { check, state: 'fail', detail: error.message };
    throw error;
  }
}

/** Looks without making one. The file's mode is checked by reading it. */
async function findKey({ keyEncryptionKey, keysDir }: Configuration) {
  if (keyEncryptionKey !== undefined)
    return { key: parseKeyEncryptionKey(keyEncryptionKey), source: 'DOORWARD_KEY_ENCRYPTION_KEY' };
  const path = join(keysDir, 'key-encryption-key');
  const key = await readKeyEncryptionKeyFile(path);
  return key === undefined
    ? undefined
    : { key, source: `${path} (mode ${((await stat(path)).mode & 0o777).toString(8)})` };
}

const PROBE_TRIES = 20;
const PROBE_EVERY_MS = 50;

/** LISTEN, advisory locks and named statements live in a session; a transaction pooler hands sessions around. */
export async function checkPooler({ pool }: Installation): Promise<Finding> {
  const check = 'connection';
  const channel = `doorward_doctor_${process.pid}`;
  const listener = await pool.connect();
  try {
    let heard = false;
    listener.on('notification', () => {
      heard = true;
    });
    await listener.query(`LISTEN ${channel}`);
    await pool.query('SELECT pg_notify($1, $2)', [channel, 'probe']);
    for (let attempt = 0; attempt < PROBE_TRIES && !heard; attempt += 1) await pause(PROBE_EVERY_MS);
    if (heard) return { check, state: 'ok', detail: 'direct: notifications arrive' };
    return {
      check,
      state: 'fail',
      detail:
        'notifications do not arrive, as behind a transaction pooler: point DOORWARD_DATABASE_URL at PostgreSQL itself, or at a pool in session mode',
    };
  } catch (error) {
    return {
      check,
      state: 'fail',
      detail: `LISTEN is refused (${messageOf(error)}): point DOORWARD_DATABASE_URL at PostgreSQL itself`,
    };
  } finally {
    listener.release(true);
  }
}

const TOLERATED_SECONDS = 2;

export async function checkClock({ read }: Installation): Promise<Finding> {
  const before = Date.now();
  const [row] = await read.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const after = Date.now();
  const theirs = row?.now.getTime() ?? after;
  const seconds = (theirs < before ? theirs - before : Math.max(0, theirs - after)) / 1000;
  if (Math.abs(seconds) <= TOLERATED_SECONDS)
    return { check: 'clock', state: 'ok', detail: 'this machine and the database agree' };
  return {
    check: 'clock',
    state: Math.abs(seconds) > 30 ? 'fail' : 'warn',
    detail: `the database's clock is ${seconds.toFixed(1)} s off: keep both by NTP, or codes and tokens expire at the wrong time`,
  };
}
