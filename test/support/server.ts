// The built server as a process of its own, on a fresh database and a free port.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectionUrl, startEmbeddedPostgres } from '../../src/persistence/embedded-postgres.ts';
import { type AdminApi, addAdminClient, adminApi } from './admin-api.ts';
import { freshDatabase, type TestDatabase } from './database.ts';

export const root = join(import.meta.dirname, '..', '..');
const main = process.env.TEST_SERVER_MAIN ?? join(root, 'dist', 'src', 'main.js');

/** Who may do everything on a server that a test started. */
export const administrator = { userName: 'admin@example.com', password: 'ten brown hens cross the yard' } as const;

const readyWithinMilliseconds = 60_000;
const refusedWithinMilliseconds = 20_000;
const pollMilliseconds = 25;

export type ServerOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** Content of a declarative file, applied at start. */
  readonly apply?: string;
  /** Share the database, the keys and the issuer of a running server. */
  readonly beside?: TestServer;
  /** Bring a database; the caller drops it. */
  readonly database?: Pick<TestDatabase, 'url'>;
  /** Use the embedded PostgreSQL in this data directory. */
  readonly dataDir?: string;
  /** Where people see it, when that is not where it listens. */
  readonly issuer?: string;
  readonly port?: number;
};

export type TestServer = {
  /** Where it listens. */
  readonly url: string;
  readonly issuer: string;
  readonly pid: number;
  /** Answers where its database is reached from tests, the embedded one included. */
  databaseUrl(): Promise<string>;
  /** Everything it has written so far. */
  logs(): string;
  /** The admin API with a token that may do everything. */
  admin(): Promise<AdminApi>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
  readonly process: ChildProcess;
  readonly env: Readonly<Record<string, string>>;
};

/** Resolves when it is ready; throws what it said when it ends before. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const own = options.beside || options.database || options.dataDir ? undefined : await freshDatabase();
  const shared = options.beside ? { url: await options.beside.databaseUrl() } : undefined;
  const database = shared ?? options.database ?? own;
  const folder = await temporaryFolder();
  const port = options.port ?? (await freePort());
  const isTls = options.env?.DOORWARD_TLS_CERT !== undefined;
  const url = `${isTls ? 'https' : 'http'}://localhost:${port}`;
  const issuer = options.issuer ?? options.beside?.issuer ?? url;
  const env = {
    ...cleanEnvironment(),
    DOORWARD_ISSUER: issuer,
    DOORWARD_PORT: String(port),
    ...(database ? { DOORWARD_DATABASE_URL: database.url, DOORWARD_DATABASE_POOL_SIZE: '6' } : {}),
    DOORWARD_DATA_DIR: options.dataDir ?? join(folder, 'data'),
    DOORWARD_KEY_ENCRYPTION_KEY: options.beside?.env.DOORWARD_KEY_ENCRYPTION_KEY ?? randomBytes(32).toString('base64'),
    DOORWARD_ADMIN_EMAIL: administrator.userName,
    DOORWARD_ADMIN_PASSWORD: administrator.password,
    DOORWARD_BCRYPT_COST: '4',
    ...(options.apply === undefined ? {} : { DOORWARD_APPLY: await writeApplyFile(folder, options.apply) }),
    ...options.env,
  };
  const running = run([mainProgram()], env);
  const end = async () => {
    await own?.drop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitUntilListening(running, port);
  } catch (error) {
    running.process.kill('SIGKILL');
    await running.exited;
    await end();
    throw error;
  }
  const databaseUrl = async () => database?.url ?? embeddedUrl(env.DOORWARD_DATA_DIR);
  let api: Promise<AdminApi> | undefined;
  return {
    url,
    issuer,
    pid: running.process.pid ?? 0,
    databaseUrl,
    env,
    process: running.process,
    logs: running.output,
    admin: () => {
      api ??= databaseUrl()
        .then(addAdminClient)
        .then((client) => adminApi({ url, client }));
      return api;
    },
    stop: async () => {
      running.process.kill('SIGTERM');
      const code = await running.exited;
      await end();
      return code;
    },
    kill: async () => {
      running.process.kill('SIGKILL');
      await running.exited;
      await end();
    },
  };
}

/** The embedded server is running: it is adopted and left as it is. */
async function embeddedUrl(dataDir: string): Promise<string> {
  const { connection } = await startEmbeddedPostgres({ dataDir, report: () => {}, keep: true });
  return connectionUrl(connection);
}

export type Run = {
  readonly process: ChildProcess;
  /** Standard output and standard error, as they came. */
  output(): string;
  readonly exited: Promise<number | null>;
};

/** A Node process without any setting of ours but those given. */
export function run(parameters: readonly string[], env: Readonly<Record<string, string>>, options = {}): Run {
  const child = spawn(process.execPath, parameters, { env, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return { process: child, output: () => output, exited };
}

/** A start that is expected to be refused: its exit code and what it said. */
export async function runToEnd(
  env: Readonly<Record<string, string>>,
  parameters: readonly string[] = [mainProgram()],
): Promise<{ code: number | null; output: string }> {
  const running = run(parameters, { ...cleanEnvironment(), ...env });
  const timer = setTimeout(() => running.process.kill('SIGKILL'), refusedWithinMilliseconds);
  const code = await running.exited;
  clearTimeout(timer);
  return { code, output: running.output() };
}

export function mainProgram(): string {
  if (!existsSync(main)) throw new Error(`${main} is missing: build first (npm test does, node scripts/test.mjs too)`);
  return main;
}

/** What a child inherits: nothing that decides about a server. */
export function cleanEnvironment(): Record<string, string> {
  const isOurs = (name: string) => /^(DOORWARD_|TEST_|NODE_ENV$|NODE_OPTIONS$|JEST_)/.test(name);
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || isOurs(name) ? [] : [[name, value]],
    ),
  );
}

async function waitUntilListening(running: Run, port: number): Promise<void> {
  const deadline = Date.now() + readyWithinMilliseconds;
  let ended = false;
  void running.exited.then(() => {
    ended = true;
  });
  while (!(await accepts(port))) {
    if (ended) throw new Error(`The server ended before it was ready. It said:\n${running.output()}`);
    if (Date.now() > deadline) throw new Error(`The server was not ready in time. It said:\n${running.output()}`);
    await pause(pollMilliseconds);
  }
  if (ended) throw new Error(`The server ended before it was ready. It said:\n${running.output()}`);
}

/** It listens only when it can answer. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}

/** A port nobody listens on just now; the moment until it is used is short. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A folder that PostgreSQL's user may pass through when tests run as root. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-server-'));
  await chmod(folder, 0o711);
  return folder;
}

async function writeApplyFile(folder: string, content: string): Promise<string> {
  const path = join(folder, 'doorward.yaml');
  await writeFile(path, content, { mode: 0o600 });
  return path;
}
