import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import {
  administrator,
  cleanEnvironment,
  freePort,
  mainProgram,
  root,
  run,
  runToEnd,
  startServer,
  temporaryFolder,
} from '../../support/server.ts';
import { killTree, postgresProcesses } from './process-tree.ts';

// Each test starts several processes and databases.
jest.setTimeout(120_000);

const key = randomBytes(32).toString('base64');
const linesOf = (output: string) => output.trim().split('\n');

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function settings(dataDir: string): Promise<Record<string, string>> {
  return {
    DOORWARD_PORT: String(await freePort()),
    DOORWARD_DATA_DIR: dataDir,
    DOORWARD_KEY_ENCRYPTION_KEY: key,
    DOORWARD_BCRYPT_COST: '4',
  };
}

describe('one data directory (issue item 1)', () => {
  it('a second start says in one sentence that Doorward is already running there, and ends with an error', async () => {
    const dataDir = join(folder, 'twice');
    const first = await startServer({ dataDir });

    const second = await runToEnd(await settings(dataDir));
    const answer = await fetch(`${first.url}/health/ready`);
    const code = await first.stop();

    expect(second.code).not.toBe(0);
    expect(linesOf(second.output)).toEqual([expect.stringMatching(/already running on .*twice/)]);
    expect(answer.status).toBe(200);
    expect(code).toBe(0);
  });

  it('SIGTERM ends the server and its database with exit code 0', async () => {
    const dataDir = join(folder, 'orderly');
    const server = await startServer({ dataDir });
    const before = await postgresProcesses(dataDir);

    const code = await server.stop();
    const after = await postgresProcesses(dataDir);

    expect(before.length).toBeGreaterThan(1);
    expect(code).toBe(0);
    expect(after).toEqual([]);
  });

  it('kill -9 of the server alone: the next start takes over the database that was left, with everything in it', async () => {
    const dataDir = join(folder, 'killed');
    const env = { DOORWARD_KEY_ENCRYPTION_KEY: key };
    const first = await startServer({ dataDir, env });
    const keysBefore = await keysOf(first.url);
    await first.kill();
    const left = await postgresProcesses(dataDir);

    const second = await startServer({ dataDir, env });
    const keysAfter = await keysOf(second.url);
    await second.stop();

    expect(left.length).toBeGreaterThan(1);
    expect(keysAfter).toEqual(keysBefore);
    expect(await postgresProcesses(dataDir)).toEqual([]);
  });

  it('kill -9 of the whole tree: the next start recovers', async () => {
    const dataDir = join(folder, 'cut');
    const env = { DOORWARD_KEY_ENCRYPTION_KEY: key };
    const first = await startServer({ dataDir, env });
    const keysBefore = await keysOf(first.url);
    await killTree(first.pid, dataDir);
    await first.kill();

    const second = await startServer({ dataDir, env });
    const keysAfter = await keysOf(second.url);
    await second.stop();

    expect(keysAfter).toEqual(keysBefore);
  });

  it.each([
    ['kill -9 of the launcher', [process.execPath, join(root, 'scripts', 'start.mjs')], 'SIGKILL'],
    ['SIGTERM to npm, whose shell passes nothing on', ['npm', 'start'], 'SIGTERM'],
  ] as const)('npm start: %s ends the server and its database', async (name, [program, ...parameters], signal) => {
    const dataDir = join(folder, signal);
    const env = { ...cleanEnvironment(), ...(await settings(dataDir)) };
    const launcher = spawn(program, parameters, { cwd: root, env, stdio: 'ignore' });
    const answers = () =>
      fetch(`http://localhost:${env.DOORWARD_PORT}/health/ready`).then(
        (answer) => answer.ok,
        () => false,
      );
    await eventually(answers, (is) => is || launcher.exitCode !== null, 90_000);
    const before = await postgresProcesses(dataDir);

    launcher.kill(signal);
    const after = await eventually(
      () => postgresProcesses(dataDir),
      (processes) => processes.length === 0,
      30_000,
    );

    expect({ name, hasStarted: before.length > 1 }).toEqual({ name, hasStarted: true });
    expect(after).toEqual([]);
    expect(await answers()).toBe(false);
  });
});

async function keysOf(url: string): Promise<string[]> {
  const { keys } = (await (await fetch(`${url}/jwks`)).json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid).sort();
}

describe('first start', () => {
  it('DESIGN §8: prints where to sign in and a one-time link of 16 characters or more, which sets a password', async () => {
    const server = await startServer({ env: { DOORWARD_ADMIN_EMAIL: '', DOORWARD_ADMIN_PASSWORD: '' } });

    const said = await eventually(server.logs, (text) => /set-password/.test(text));
    await server.stop();

    expect(said).toContain(server.url);
    expect(said).toMatch(/First administrator.*(token=|#)[\w-]{16,}/);
  });

  it('DESIGN §8: DOORWARD_ADMIN_EMAIL and _PASSWORD make the first administrator, and only the first', async () => {
    const database = await freshDatabase();
    const first = await startServer({ database });
    const admins = () => query(database, `SELECT user_name FROM users ORDER BY user_name`);
    const before = await admins();
    await first.stop();

    const second = await startServer({
      database,
      env: {
        DOORWARD_ADMIN_EMAIL: 'intruder@example.com',
        DOORWARD_KEY_ENCRYPTION_KEY: first.env.DOORWARD_KEY_ENCRYPTION_KEY ?? '',
      },
    });
    const after = await admins();
    await second.stop();
    await database.drop();

    expect(before).toEqual([{ user_name: administrator.userName }]);
    expect(after).toEqual(before);
    expect(first.logs()).not.toContain(administrator.password);
  });

  it('several first starts at the same moment on one empty database migrate once and agree on the keys', async () => {
    const database = await emptyDatabase();
    const env = { DOORWARD_KEY_ENCRYPTION_KEY: key };

    const servers = await Promise.all([1, 2, 3].map(() => startServer({ database, env })));
    const keys = await Promise.all(servers.map(({ url }) => keysOf(url)));
    const migrations = await query(database, 'SELECT name FROM schema_migrations');
    const administrators = await query(database, 'SELECT id FROM users');
    await Promise.all(servers.map((server) => server.stop()));
    await database.drop();

    expect(keys[1]).toEqual(keys[0]);
    expect(keys[2]).toEqual(keys[0]);
    expect(new Set(migrations.map((row) => row.name)).size).toBe(migrations.length);
    expect(administrators).toHaveLength(1);
  });
});

describe('starts that are refused', () => {
  it('a schema that a newer Doorward made: one sentence that names it', async () => {
    const database = await freshDatabase();
    await query(
      database,
      `INSERT INTO schema_migrations (timestamp, name) VALUES (9990000000000, 'AddTheFuture9990000000000')`,
    );

    const { code, output } = await runToEnd({
      ...(await settings(join(folder, 'newer'))),
      DOORWARD_DATABASE_URL: database.url,
    });
    await database.drop();

    expect(code).toBe(1);
    expect(linesOf(output)).toEqual([expect.stringMatching(/newer Doorward.*AddTheFuture9990000000000/)]);
  });

  it('a wrong key-encryption key: one sentence that says what to do, and nothing is changed', async () => {
    const dataDir = join(folder, 'wrong-key');
    const env = { DOORWARD_KEY_ENCRYPTION_KEY: key };
    const server = await startServer({ dataDir, env });
    const before = await keysOf(server.url);
    await server.stop();

    const { code, output } = await runToEnd({
      ...(await settings(dataDir)),
      DOORWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    });
    const again = await startServer({ dataDir, env });
    const after = await keysOf(again.url);
    await again.stop();

    expect(code).toBe(1);
    expect(linesOf(output)).toEqual([expect.stringMatching(/key-encryption key/i)]);
    expect(after).toEqual(before);
  });

  it('DESIGN §8: unknown and unreadable settings are told all at once, by name and without their values', async () => {
    const { code, output } = await runToEnd({
      DOORWARD_ADMIN_MAIL: 'somebody@example.com',
      DOORWARD_PORT: 'three-thousand',
      DOORWARD_ADMIN_PASSWORD: 'no-mail-given-for-this',
      DOORWARD_LOG_LEVEL: 'loud',
      DOORWARD_KEY_ENCRYPTION_KEY_FILE: join(folder, 'not-there'),
    });

    expect(code).toBe(1);
    for (const name of [
      'DOORWARD_ADMIN_MAIL',
      'DOORWARD_PORT',
      'DOORWARD_LOG_LEVEL',
      'DOORWARD_KEY_ENCRYPTION_KEY_FILE',
    ]) {
      expect(output).toContain(name);
    }
    expect(output).toContain('did you mean DOORWARD_ADMIN_EMAIL');
    expect(output).not.toContain('no-mail-given-for-this');
    expect(output).not.toMatch(/^\s+at /m);
  });

  it.each([
    ['a public issuer in development mode', { DOORWARD_ISSUER: 'https://id.example.com' }, /NODE_ENV=production/],
    ['an http issuer outside loopback', { DOORWARD_ISSUER: 'http://id.example.com', NODE_ENV: 'production' }, /https/],
    ['an address beyond loopback in development mode', { DOORWARD_HOST: '0.0.0.0' }, /NODE_ENV=production/],
    ['half of a TLS pair', { DOORWARD_TLS_CERT: '/nowhere/cert.pem' }, /DOORWARD_TLS_KEY/],
    [
      'a database that is not there',
      { DOORWARD_DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/c' },
      /DOORWARD_DATABASE_URL/,
    ],
    ['a file to apply that is not there', { DOORWARD_APPLY: '/nowhere/doorward.yaml' }, /\/nowhere\/doorward\.yaml/],
  ])('%s ends with a sentence and without a stack trace', async (_name, env, sentence) => {
    const database = await freshDatabase();
    const { code, output } = await runToEnd({
      ...(await settings(join(folder, 'refused'))),
      DOORWARD_DATABASE_URL: database.url,
      ...env,
    });
    await database.drop();

    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(sentence) });
    expect(output).not.toMatch(/^\s+at /m);
    expect(output).not.toMatch(/postgresql:\/\/a:b/);
  });

  it('a port in use: one sentence that names it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const database = await freshDatabase();

    const { code, output } = await runToEnd({
      ...(await settings(join(folder, 'port'))),
      DOORWARD_PORT: String(port),
      DOORWARD_DATABASE_URL: database.url,
    });
    other.close();
    await database.drop();

    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`Port ${port} .*in use`));
    expect(output).not.toMatch(/^\s+at /m);
  });

  const somebody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const mayRun = spawnSync(process.execPath, ['-e', `require('fs').readFileSync(${JSON.stringify(mainProgram())})`], {
    cwd: '/',
    ...somebody,
  });

  (mayRun.status === 0 ? it : it.skip)(
    'a data directory that cannot be written: one sentence that names it',
    async () => {
      const dataDir = join(folder, 'read-only');
      await mkdir(dataDir);
      if (somebody.uid !== undefined) await chown(dataDir, somebody.uid, somebody.gid);
      await chmod(dataDir, 0o555);

      const running = run(
        [mainProgram()],
        { ...cleanEnvironment(), HOME: folder, ...(await settings(dataDir)) },
        { cwd: '/', ...somebody },
      );
      const code = await running.exited;

      expect(code).toBe(1);
      expect(running.output()).toContain(dataDir);
      expect(running.output()).not.toMatch(/^\s+at /m);
    },
  );
});

describe('keys directory', () => {
  it('the key-encryption key file is made at first start, for its owner alone', async () => {
    const keysDir = join(folder, 'keys');
    const database = await freshDatabase();
    const server = await startServer({
      database,
      env: { DOORWARD_KEY_ENCRYPTION_KEY: '', DOORWARD_KEYS_DIR: keysDir },
    });
    const text = await readFile(join(keysDir, 'key-encryption-key'), 'utf8');
    const mode = spawnSync('stat', ['-c', '%a', join(keysDir, 'key-encryption-key')])
      .stdout.toString()
      .trim();
    await server.stop();
    await database.drop();

    expect(text.length).toBeGreaterThan(32);
    expect(mode).toBe('600');
    expect(server.logs()).not.toContain(text.trim());
  });
});

async function query(database: Pick<TestDatabase, 'url'>, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Not migrated yet, unlike the copies of the template. */
async function emptyDatabase(): Promise<TestDatabase> {
  const database = await freshDatabase();
  await query(database, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  return database;
}
