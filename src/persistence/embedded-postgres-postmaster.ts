import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { type FileHandle, open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { StartRefused } from '../kernel/start-refused.ts';
import { type Home, isAlive } from './embedded-postgres-home.ts';
import { embeddedDatabase, run } from './embedded-postgres-init.ts';
import { programOptions } from './embedded-postgres-owner.ts';
import { errorCode, refusedProgram } from './embedded-postgres-refusals.ts';

export type Address = { readonly host: string; readonly port: number };

/** What PostgreSQL's `postmaster.pid` says about a running, starting or dead server. */
export type PostmasterFile = Address & { readonly pid: number; readonly text: string };

export type Answer = 'ready' | 'busy' | 'silent';

const stopDeadlineMilliseconds = 60_000;
const logLimitBytes = 10_000_000;

export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3] ?? ''), host: lines[4] ?? '', text };
}

/** Makes one real connection: a process id alone proves nothing after a crash. */
export async function askPostmaster({ host, port }: Address, password: string): Promise<Answer> {
  if (host === '' || !(port > 0)) return 'silent';
  const client = new pg.Client({
    ...{ host, port, user: embeddedDatabase, database: embeddedDatabase, password },
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return 'ready';
  } catch (error) {
    return answerOf(error, host);
  } finally {
    await client.end().catch(() => {});
  }
}

function answerOf(error: unknown, host: string): Answer {
  const code = errorCode(error) ?? '';
  // cannot_connect_now, too_many_connections, admin_shutdown, crash_shutdown: somebody is there.
  if (['57P03', '53300', '57P01', '57P02'].includes(code)) return 'busy';
  if (code.startsWith('28')) {
    const message = `The database server in ${host} does not take the password that is kept beside its data`;
    throw new StartRefused(`${message}: restore the password file that belongs to it.`, { cause: error });
  }
  return code === 'ENOENT' || code === 'ECONNREFUSED' ? 'silent' : 'busy';
}

/** Whether the process of a `postmaster.pid` is a server on this cluster, and not another with a re-used id. */
export async function isPostmasterOf(pid: number, cluster: string): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 1 || !isAlive(pid)) return false;
  if (process.platform !== 'linux') {
    const { output } = await run('/bin/ps', ['-p', String(pid), '-o', 'command='], undefined);
    return output.includes('postgres');
  }
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (folder !== undefined) return folder === (await realpath(cluster));
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres');
  return command.includes('postgres');
}

/** Removes a `postmaster.pid` whose process is something else; PostgreSQL itself would take it for a running server. */
export async function removeStaleFile(cluster: string, stale: PostmasterFile): Promise<void> {
  if ((await readPostmasterFile(cluster))?.text !== stale.text) return;
  await rm(join(cluster, 'postmaster.pid'), { force: true });
}

export type Launched = { readonly child: ChildProcess; readonly readOutput: () => Promise<string> };

/** Spawns the server in a session of its own, so that it outlives Ctrl-C and a `kill -9` of this process. */
export async function launchPostmaster(home: Home, settings: Readonly<Record<string, string>>): Promise<Launched> {
  const log = await openLog(home);
  const { size } = await log.stat();
  const parameters = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  try {
    const child = spawn(home.programs.postgres, ['-D', home.cluster, ...parameters], {
      ...programOptions(home.owner),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    child.unref();
    return { child, readOutput: async () => (await readFile(logFile(home))).subarray(size).toString() };
  } finally {
    await log.close();
  }
}

function logFile(home: Home): string {
  return join(home.path, 'postgres.log');
}

async function openLog(home: Home): Promise<FileHandle> {
  const path = logFile(home);
  const size = await stat(path).then(
    (facts) => facts.size,
    () => 0,
  );
  if (size > logLimitBytes) await rename(path, `${path}.1`);
  const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW;
  const log = await open(path, flags, 0o600);
  // Root may start the database of another user, who must be able to go on without root.
  const folder = await stat(home.path);
  if (process.getuid?.() === 0 && folder.uid !== 0) await log.chown(folder.uid, folder.gid);
  return log;
}

export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Fast shutdown of a server this process spawned; after a minute without an end, the immediate one. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (hasExited(child)) return;
  const ended = once(child, 'exit');
  child.ref();
  child.kill('SIGINT');
  const deadline = new AbortController();
  const tooLong = pause(stopDeadlineMilliseconds, true, { signal: deadline.signal }).catch(() => false);
  if (await Promise.race([ended.then(() => false), tooLong])) child.kill('SIGQUIT');
  deadline.abort();
  await ended;
}

/** Fast shutdown of an adopted server. pg_ctl runs as its owner, so that no wrong process can be hit by root. */
export async function stopAdopted(home: Home): Promise<void> {
  const seconds = String(stopDeadlineMilliseconds / 1_000);
  const parameters = ['stop', '-D', home.cluster, '-m', 'fast', '-w', '-t', seconds];
  const { status, output } = await run(home.programs.pgCtl, parameters, home.owner);
  if (status !== 0 && (await readPostmasterFile(home.cluster)) !== undefined) {
    throw refusedProgram('Stopping the embedded database', home.path, output);
  }
}
