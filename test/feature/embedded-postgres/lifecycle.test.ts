import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { connectionUrl, startEmbeddedPostgres } from '../../../src/persistence/embedded-postgres.ts';
import { type Installation, install, postmasterOf, users } from './installation.ts';

// Each test starts several processes and servers.
jest.setTimeout(180_000);

let installation: Installation;

beforeAll(async () => {
  installation = await install();
});

afterAll(async () => {
  await installation.remove();
});

describe.each(users)('embedded PostgreSQL as $name', (user) => {
  it('DESIGN §5: what was written is there after stop and start, and no server stays behind', async () => {
    const dataDir = join(await installation.folderOf(user), 'data');
    const first = installation.start({ user, dataDir });
    const { adopted, location } = await first.ready();
    await first.query('CREATE TABLE kept (id int)');
    await first.query('INSERT INTO kept VALUES (7)');

    const code = await first.stop();

    const left = await postmasterOf(location);
    const second = installation.start({ user, dataDir });
    await second.ready();
    expect({ adopted, code, left }).toEqual({ adopted: false, code: 0, left: undefined });
    expect(await second.query('SELECT id FROM kept')).toEqual([{ id: 7 }]);
    await second.stop();
  });

  it('DESIGN §5: a server orphaned by kill -9 of node is adopted, and stopped by its adopter', async () => {
    const dataDir = join(await installation.folderOf(user), 'data');
    const first = installation.start({ user, dataDir });
    const { location } = await first.ready();
    const orphan = await postmasterOf(location);
    await first.kill();

    const second = installation.start({ user, dataDir });
    const { adopted } = await second.ready();

    expect({ adopted, pid: await postmasterOf(location) }).toEqual({ adopted: true, pid: orphan });
    expect(await second.stop()).toBe(0);
    expect(await postmasterOf(location)).toBeUndefined();
  });

  it('DESIGN §5: an acknowledged row survives kill -9 of the whole tree', async () => {
    const dataDir = join(await installation.folderOf(user), 'data');
    const first = installation.start({ user, dataDir, durable: true });
    await first.ready();
    await first.query('CREATE TABLE kept (id int)');
    await first.query('INSERT INTO kept VALUES (8)');
    await first.killTree();

    const second = installation.start({ user, dataDir, durable: true });
    const { adopted } = await second.ready();

    expect(adopted).toBe(false);
    expect(await second.query('SELECT id FROM kept')).toEqual([{ id: 8 }]);
    await second.stop();
  });

  it('DESIGN §5: a postmaster.pid whose process id now belongs to something else does not stop the start', async () => {
    const dataDir = join(await installation.folderOf(user), 'data');
    const first = installation.start({ user, dataDir });
    const { location } = await first.ready();
    const file = join(location, 'cluster', 'postmaster.pid');
    const text = await readFile(file, 'utf8');
    await first.killTree();
    const bystander = installation.start({ user, dataDir: join(await installation.folderOf(user), 'data') });
    await bystander.ready();
    await writeFile(file, text.replace(/^\d+/, String(bystander.process.pid)));

    const second = installation.start({ user, dataDir });
    const { adopted } = await second.ready();

    expect(adopted).toBe(false);
    await second.stop();
    await bystander.stop();
  });
});

it('SECURITY-LESSONS 40: only the unix socket is served, to a role without superuser rights, password file 0600', async () => {
  const [user] = users;
  const dataDir = join(await installation.folderOf(user ?? { name: 'root' }), 'data');
  const postgres = await startEmbeddedPostgres({ dataDir, report: () => {} });
  const client = new pg.Client({ connectionString: connectionUrl(postgres.connection) });
  await client.connect();

  const facts = await client.query(
    `SELECT current_setting('listen_addresses') AS tcp, current_setting('fsync') AS fsync, rolsuper AS superuser,
            current_setting('server_encoding') AS encoding
       FROM pg_roles WHERE rolname = current_user`,
  );

  await client.end();
  await postgres.stop();
  expect(facts.rows).toEqual([{ tcp: '', fsync: 'on', superuser: false, encoding: 'UTF8' }]);
  expect((await stat(join(postgres.location, 'password'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(postgres.location, 'socket'))).mode & 0o777).toBe(0o700);
});
