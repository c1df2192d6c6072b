import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freshDatabase } from '../../support/database.ts';
import { cleanEnvironment, mainProgram, run, runToEnd, startServer, temporaryFolder } from '../../support/server.ts';
import { queryOn } from '../../support/tables.ts';
import { keysOf, linesOf, settingsFor } from './a-start.ts';

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

describe('starts that are refused', () => {
  it('a schema that a newer Doorward made: one sentence that names it', async () => {
    const database = await freshDatabase();
    await queryOn(
      database.url,
      `INSERT INTO schema_migrations (timestamp, name) VALUES (9990000000000, 'AddTheFuture9990000000000')`,
    );

    const { code, output } = await runToEnd({
      ...(await settingsFor(join(folder, 'newer'), key)),
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
      ...(await settingsFor(dataDir, key)),
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
      ...(await settingsFor(join(folder, 'refused'), key)),
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
      ...(await settingsFor(join(folder, 'port'), key)),
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
        { ...cleanEnvironment(), HOME: folder, ...(await settingsFor(dataDir, key)) },
        { cwd: '/', ...somebody },
      );
      const code = await running.exited;

      expect(code).toBe(1);
      expect(running.output()).toContain(dataDir);
      expect(running.output()).not.toMatch(/^\s+at /m);
    },
  );

  it("issue 5 §11: what is wrong in the operator's own words is told by its path, before anything is begun", async () => {
    const words = join(folder, 'words.yaml');
    await writeFile(words, 'de:\n  login:\n    titel: Hallo\n    continueTo: weiter\n    password: "{"\n');

    const { code, output } = await runToEnd({ DOORWARD_MESSAGES: words, DOORWARD_DATA_DIR: join(folder, 'no-words') });
    const missing = await runToEnd({ DOORWARD_MESSAGES: join(folder, 'nowhere.yaml') });

    expect(code).toBe(1);
    expect(linesOf(output)).toEqual([
      expect.stringMatching(
        /DOORWARD_MESSAGES .*de\.login\.titel is not a message \(did you mean title\?\); de\.login\.continueTo: \{client\} is missing; de\.login\.password: not ICU/,
      ),
    ]);
    expect(missing.code).toBe(1);
    expect(linesOf(missing.output)).toEqual([expect.stringMatching(/DOORWARD_MESSAGES .*nowhere\.yaml.*ENOENT/)]);
  });
});
