import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freshDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { administrator, cleanEnvironment, root, runToEnd, startServer, temporaryFolder } from '../../support/server.ts';
import { queryOn } from '../../support/tables.ts';
import { emptyDatabase, keysOf, linesOf, settingsFor } from './a-start.ts';
import { killTree, postgresProcesses } from './process-tree.ts';

// Each test starts several processes and databases.
jest.setTimeout(120_000);

const key = randomBytes(32).toString('base64');

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('one data directory (issue item 1)', () => {
  it('a second start says in one sentence that Doorward is already running there, and ends with an error', async () => {
    const dataDir = join(folder, 'twice');
    const first = await startServer({ dataDir });

    const second = await runToEnd(await settingsFor(dataDir, key));
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
    const env = { ...cleanEnvironment(), ...(await settingsFor(dataDir, key)) };
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
    const admins = () => queryOn(database.url, `SELECT user_name FROM users ORDER BY user_name`);
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
    const migrations = await queryOn(database.url, 'SELECT name FROM schema_migrations');
    const administrators = await queryOn(database.url, 'SELECT id FROM users');
    await Promise.all(servers.map((server) => server.stop()));
    await database.drop();

    expect(keys[1]).toEqual(keys[0]);
    expect(keys[2]).toEqual(keys[0]);
    expect(new Set(migrations.map((row) => row.name)).size).toBe(migrations.length);
    expect(administrators).toHaveLength(1);
  });
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
    const { mode } = await stat(join(keysDir, 'key-encryption-key'));
    await server.stop();
    await database.drop();

    expect(text.length).toBeGreaterThan(32);
    expect((mode & 0o777).toString(8)).toBe('600');
    expect(server.logs()).not.toContain(text.trim());
  });
});
