// Starts the two servers that are compared, each pinned to one core where the system can do that, and reads what they use.
import { execFile, execFileSync, fork, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { declaration } from './fixture.mjs';

const root = join(import.meta.dirname, '..');
const TICKS_PER_SECOND = 100;

export const canPin = (() => {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const pinned = (core, command) => (canPin ? ['taskset', '-c', String(core), ...command] : command);

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startBare() {
  const [command, ...parameters] = pinned(0, [process.execPath, join(root, 'bench', 'bare-server.mjs')]);
  const child = spawn(command, parameters, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, PORT: '0' },
  });
  const { port, issuer } = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the bare server ended with ${code}`)));
  });
  return {
    name: 'bare',
    address: { host: '127.0.0.1', port },
    host: new URL(issuer).host,
    userName: (index) => `bench-${index}`,
    cpuSeconds: async () => ({ node: await processSeconds(child.pid), postgres: 0 }),
    memoryMegabytes: () => residentMegabytes(child.pid),
    stop: () => stopped(child),
  };
}

/** Below a private folder a database started by root would lie elsewhere and stay there. */
async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-bench-'));
  await chmod(folder, 0o755);
  return folder;
}

export async function startDoorward({ people, folder, settings = {} }) {
  const port = await freePort();
  const data = folder ?? (await openFolder());
  const file = join(data, 'bench.json');
  await writeFile(file, JSON.stringify(declaration(people)));
  const startedAt = performance.now();
  const [command, ...parameters] = pinned(0, [
    process.execPath,
    ...(process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean),
    join(process.env.BENCH_BUILD ?? root, 'dist', 'src', 'main.js'),
  ]);
  const log = openSync(join(data, 'server.log'), 'a');
  const child = spawn(command, parameters, {
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      NODE_ENV: 'development',
      DOORWARD_PORT: String(port),
      DOORWARD_ISSUER: `http://localhost:${port}`,
      DOORWARD_DATA_DIR: join(data, 'data'),
      DOORWARD_KEYS_DIR: join(data, 'keys'),
      DOORWARD_APPLY: file,
      // The hash is not what is compared: the least bcrypt allows.
      DOORWARD_BCRYPT_COST: '4',
      ...settings,
    },
  });
  const address = { host: '127.0.0.1', port };
  await untilServing(`http://127.0.0.1:${port}/.well-known/openid-configuration`, child);
  const firstAnswerSeconds = (performance.now() - startedAt) / 1000;
  return {
    name: 'doorward',
    address,
    host: `localhost:${port}`,
    folder: data,
    firstAnswerSeconds,
    userName: (index) => `bench-${index}@example.com`,
    cpuSeconds: async () => ({ node: await processSeconds(child.pid), postgres: await postgresSeconds(data) }),
    memoryMegabytes: () => residentMegabytes(child.pid),
    pid: child.pid,
    async stop({ keep = false } = {}) {
      await stopped(child);
      if (!keep) await rm(data, { recursive: true, force: true });
    },
  };
}

/** A process that burns one core beside the server: the yardstick for "an equal CPU load outside the process". */
export function startBurner() {
  const [command, ...parameters] = pinned(0, [process.execPath, '-e', 'for (;;) Math.sqrt(Math.random());']);
  const child = spawn(command, parameters, { stdio: 'ignore' });
  return { stop: () => stopped(child) };
}

/** What bcrypt alone compares on the servers' core. */
export async function bareHashesPerSecond(cost, seconds) {
  const [command, ...parameters] = pinned(
    0,
    [process.execPath, join(root, 'bench', 'bare-hash.mjs'), cost, seconds].map(String),
  );
  const { stdout } = await promisify(execFile)(command, parameters);
  return Number(stdout);
}

/** Runs a script again, pinned to the client's core. */
export function onClientCore(script, parameters) {
  const [command, ...rest] = pinned(1, [process.execPath, script, ...parameters]);
  return fork ? spawn(command, rest, { stdio: 'inherit', env: { ...process.env, BENCH_PINNED: '1' } }) : undefined;
}

async function untilServing(url, child) {
  const deadline = Date.now() + 120_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error('the server does not answer');
    await pause(10);
  }
}

function stopped(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
}

/** utime + stime of a process, and of the children it has already reaped. */
async function processSeconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
  return ticks / TICKS_PER_SECOND;
}

async function postgresSeconds(folder) {
  const postmaster = Number((await findPostmaster(folder))?.split('\n')[0]);
  if (!postmaster) return 0;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  let seconds = await processSeconds(postmaster);
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === postmaster)
      seconds += await processSeconds(pid);
  }
  return seconds;
}

const findPostmaster = (folder) =>
  readFile(join(folder, 'data', 'postgres', 'cluster', 'postmaster.pid'), 'utf8').catch(() => undefined);

async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
