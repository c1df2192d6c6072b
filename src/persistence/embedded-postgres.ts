// Owns the PostgreSQL that Doorward brings along: where it lies, starting, adopting and stopping it. What is in the
// database is none of its business.
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StartRefused } from '../kernel/start-refused.ts';
import { type EmbeddedConnection, holdDataDirectory } from './embedded-postgres-hold.ts';
import { type Home, isAlive, openHome, passwordOf } from './embedded-postgres-home.ts';
import { embeddedDatabase, makeOwned } from './embedded-postgres-init.ts';
import {
  askPostmaster,
  hasExited,
  isPostmasterOf,
  launchPostmaster,
  type PostmasterFile,
  readPostmasterFile,
  removeStaleFile,
  stopAdopted,
  stopChild,
} from './embedded-postgres-postmaster.ts';
import { errorCode, refusedProgram } from './embedded-postgres-refusals.ts';

export { holdDataDirectory } from './embedded-postgres-hold.ts';

export type EmbeddedPostgres = {
  readonly connection: EmbeddedConnection & { readonly dataDir: string };
  /** An already running postmaster on this data directory is used. */
  readonly adopted: boolean;
  /** The folder that holds the database files; not always under the data directory. */
  readonly location: string;
  /** Fast shutdown; returns when the server process has ended. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  readonly dataDir: string;
  readonly report: (progress: string) => void;
  /** PostgreSQL settings that replace the defaults here. */
  readonly settings?: Readonly<Record<string, string>>;
  /** `stop()` leaves an adopted server running. */
  readonly keep?: boolean;
};

const startDeadlineMilliseconds = 120_000;
const pollMilliseconds = 20;
/** sockaddr_un holds 108 bytes on Linux and 104 on macOS, one of them the closing NUL. */
const socketPathBytes = process.platform === 'linux' ? 107 : 103;

/** Small memory, full durability. `log_*`: constraint errors would write personal data and secrets to the log. */
const defaults = {
  listen_addresses: '',
  port: '5432',
  unix_socket_permissions: '0700',
  max_connections: '60',
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  min_wal_size: '64MB',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  io_method: 'sync',
  max_worker_processes: '4',
  max_parallel_workers: '2',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_line_prefix: '%m [%p] ',
} as const;

/**
 * Starts the database of a data directory, made when there is none, or adopts the server that a killed process left.
 * Throws {@link StartRefused} with one sentence when the directory cannot be used.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const settings = { ...defaults, ...options.settings };
  const home = await openHome({ ...options, sync: settings.fsync === 'on' });
  const password = await passwordOf(home);
  const { address, child } = await reachServer(home, password, settings);
  const { host, port } = address;
  if (home.path !== join(home.dataDir, 'postgres')) options.report(`The database lies in ${home.path}`);
  return {
    connection: { host, port, user: embeddedDatabase, password, database: embeddedDatabase, dataDir: home.dataDir },
    adopted: child === undefined,
    location: home.path,
    stop: async () => {
      if (child !== undefined) await stopChild(child);
      else if (!options.keep) await stopAdopted(home);
    },
  };
}

/**
 * {@link startEmbeddedPostgres} and {@link holdDataDirectory} in one, with the races between them settled: the hold is
 * kept until the server is down, so nobody can adopt a server that is about to stop.
 * With `share` (command-line tools), a database held by another process is used as it is and left running.
 */
export async function openEmbeddedPostgres(
  options: EmbeddedPostgresOptions & { readonly purpose: string; readonly share?: boolean },
): Promise<EmbeddedPostgres> {
  const deadline = Date.now() + startDeadlineMilliseconds;
  for (;;) {
    const started = await startEmbeddedPostgres(options);
    try {
      const hold = await holdDataDirectory(started.connection, options.purpose);
      const stop = async () => {
        await started.stop();
        await hold.release();
      };
      return { ...started, stop };
    } catch (error) {
      if (error instanceof StartRefused && options.share) return { ...started, stop: async () => {} };
      // The server was stopped by its owner between our two steps: begin again.
      if (!isGone(error) || Date.now() > deadline) throw error;
      await pause(pollMilliseconds);
    }
  }
}

function isGone(error: unknown): boolean {
  if (error instanceof StartRefused) return false;
  const code = errorCode(error) ?? '';
  const isCut = error instanceof Error && /Connection terminated/.test(error.message);
  return isCut || ['57P01', '57P02', '57P03', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code);
}

/** The address as a URL, for tools and libraries that take nothing else. */
export function connectionUrl({ host, port, user, password, database }: EmbeddedConnection): string {
  const [name, secret, path] = [user, password, database].map(encodeURIComponent);
  // The host parameter wins over the authority in pg and libpq; a name there keeps the URL valid for strict parsers.
  return `postgresql://${name}:${secret}@localhost/${path}?host=${encodeURIComponent(host)}&port=${port}`;
}

type Address = { readonly host: string; readonly port: number };
type Reached = { readonly address: Address; readonly child?: ChildProcess };

async function reachServer(home: Home, password: string, settings: Record<string, string>): Promise<Reached> {
  const deadline = Date.now() + startDeadlineMilliseconds;
  for (;;) {
    const found = await readPostmasterFile(home.cluster);
    if (found !== undefined) {
      const answer = await askFound(home, found, password);
      if (answer === 'ready') return { address: found };
      if (answer === 'busy') {
        assertInTime(home, deadline);
        await pause(pollMilliseconds);
        continue;
      }
    }
    const reached = await launch(home, password, settings, deadline);
    if (reached !== undefined) return reached;
    await pause(pollMilliseconds * 5);
  }
}

function assertInTime(home: Home, deadline: number): void {
  if (Date.now() < deadline) return;
  throw new StartRefused(
    `The database server in ${home.path} neither starts nor stops: see ${home.path}/postgres.log.`,
  );
}

async function askFound(home: Home, found: PostmasterFile, password: string) {
  const answer = await askPostmaster(found, password);
  if (answer !== 'silent') return answer;
  // It may be starting (no socket yet) or stopping (no socket any more).
  if (await isPostmasterOf(found.pid, home.cluster)) return 'busy';
  // PostgreSQL clears the file of a dead process by itself, and takes any living one for a server.
  if (isAlive(found.pid)) await removeStaleFile(home.cluster, found);
  return 'silent';
}

// Undefined: another process was faster, or the remains of a killed server are still ending; look again.
async function launch(home: Home, password: string, settings: Record<string, string>, deadline: number) {
  const host = await socketFolder(home, settings.port ?? defaults.port);
  const address = { host, port: Number(settings.port) };
  const unix_socket_directories = `"${host.replaceAll('"', '""')}"`;
  const { child, readOutput } = await launchPostmaster(home, { ...settings, unix_socket_directories });
  while (!hasExited(child)) {
    if ((await readPostmasterFile(home.cluster))?.pid === child.pid) {
      if ((await askPostmaster(address, password)) === 'ready') return { address, child };
    }
    assertInTime(home, deadline);
    await pause(pollMilliseconds);
  }
  const output = await readOutput();
  if (Date.now() > deadline || !/lock file "[^"]*" already exists|still in use/.test(output)) {
    throw refusedProgram('Starting the embedded database', home.path, output);
  }
  return undefined;
}

async function socketFolder(home: Home, port: string): Promise<string> {
  const inside = join(home.path, 'socket');
  const length = Buffer.byteLength(join(inside, `.s.PGSQL.${port}`));
  const key = createHash('sha256').update(home.path).digest('hex').slice(0, 16);
  const path = length <= socketPathBytes ? inside : join(shortTemporaryFolder(), `doorward-${key}`);
  await makeOwned(path, home.owner).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
  });
  const facts = await lstat(path);
  const uid = home.owner?.uid ?? process.getuid?.();
  if (facts.isDirectory() && facts.uid === uid && (facts.mode & 0o077) === 0) return path;
  // Somebody else took the name: clients read the folder from postmaster.pid, so any other will do.
  return privateFolder(`${path}-`, home);
}

async function privateFolder(prefix: string, home: Home): Promise<string> {
  const path = await mkdtemp(prefix);
  const socket = join(path, 's');
  await makeOwned(socket, home.owner);
  await chmod(path, home.owner === undefined ? 0o700 : 0o711);
  return socket;
}

function shortTemporaryFolder(): string {
  return Buffer.byteLength(tmpdir()) <= 50 ? tmpdir() : '/tmp';
}
