import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { boundUsers, type Installation, install, makeDirectory, users } from './installation.ts';

// Each test starts several processes and servers.
jest.setTimeout(180_000);

let installation: Installation;

beforeAll(async () => {
  installation = await install();
});

afterAll(async () => {
  await installation.remove();
});

function oneSentence(said: string): string {
  expect(said.trim().split('\n')).toHaveLength(1);
  return said.trim();
}

describe.each(users)('data directory as $name', (user) => {
  it('unix(7): a path too long for a socket address gets a short socket folder elsewhere', async () => {
    const deep = await makeDirectory(join(await installation.folderOf(user), 'a'.repeat(120)), user);
    const running = installation.start({ user, dataDir: join(deep, 'data') });

    const { connection, location } = await running.ready();

    expect(location).toBe(join(deep, 'data', 'postgres'));
    expect(dirname(connection.host)).toBe(tmpdir());
    await running.stop();
    await rm(connection.host, { recursive: true });
  });

  it('a path with spaces, quotes, commas and letters beyond ASCII works', async () => {
    const dataDir = join(await installation.folderOf(user), `dä "ta", 'it' %41`);
    const running = installation.start({ user, dataDir });

    const { connection } = await running.ready();

    expect(connection.host).toBe(join(dataDir, 'postgres', 'socket'));
    await running.stop();
  });

  it('a file in place of the directory is refused with one sentence that names it', async () => {
    const dataDir = join(await installation.folderOf(user), 'file');
    await writeFile(dataDir, '');

    const said = await installation.start({ user, dataDir }).errors();

    expect(oneSentence(said)).toContain(`The data directory ${dataDir} is not a directory`);
  });

  it('a folder "postgres" with something else in it is refused and left alone', async () => {
    const dataDir = await makeDirectory(join(await installation.folderOf(user), 'data'), user);
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'notes.txt'), 'mine');

    const said = await installation.start({ user, dataDir }).errors();

    expect(oneSentence(said)).toContain(`${join(dataDir, 'postgres')} holds no Doorward database`);
    expect(await readFile(join(dataDir, 'postgres', 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('what a killed first start left half made is swept and replaced', async () => {
    const dataDir = await makeDirectory(join(await installation.folderOf(user), 'data'), user);
    const half = await makeDirectory(join(dataDir, 'postgres.new-4194999-abc'), user);
    await writeFile(join(half, 'password'), 'half');
    const running = installation.start({ user, dataDir });

    await running.ready();

    expect(await readdir(dataDir)).toEqual(['postgres']);
    await running.stop();
  });

  it('a cluster of another PostgreSQL version is refused with one sentence', async () => {
    const dataDir = join(await installation.folderOf(user), 'data');
    const running = installation.start({ user, dataDir });
    const { location } = await running.ready();
    await running.stop();
    await writeFile(join(location, 'cluster', 'PG_VERSION'), '17\n');

    const said = await installation.start({ user, dataDir }).errors();

    expect(oneSentence(said)).toContain('was made by PostgreSQL 17');
  });
});

const bound = boundUsers.length > 0 ? describe : describe.skip;

bound('data directory of somebody whom permissions bind', () => {
  const [user = { name: 'nobody' }] = boundUsers;

  it('issue 3 item 1: a new data directory in a read-only place is refused with one sentence that names it', async () => {
    const parent = await installation.folderOf(user);
    await chmod(parent, 0o555);

    const said = await installation.start({ user, dataDir: join(parent, 'data') }).errors();

    expect(oneSentence(said)).toContain(`${join(parent, 'data')} is not writable`);
    expect(said).toContain('DOORWARD_DATA_DIR');
  });

  it.each([
    ['the directory itself', ''],
    ['the cluster', 'postgres/cluster'],
  ])('issue 3 item 1: an existing database with %s read-only is refused with one sentence', async (_what, inner) => {
    const dataDir = join(await installation.folderOf(user), 'data');
    const running = installation.start({ user, dataDir });
    await running.ready();
    await running.stop();
    await chmod(join(dataDir, inner), 0o500);

    const said = await installation.start({ user, dataDir }).errors();

    expect(oneSentence(said)).toMatch(new RegExp(`The data directory ${dataDir}.* is not writable`));
  });
});

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? describe : describe.skip;

asRoot('data directory of root', () => {
  const user = { name: 'root' };

  it('DESIGN §5: below a private folder the database lies elsewhere, says so, and is found again', async () => {
    const home = await mkdtemp(join(tmpdir(), 'doorward-private-'));
    const dataDir = join(home, 'data');
    const first = installation.start({ user, dataDir });
    const { location } = await first.ready();
    await first.query('CREATE TABLE kept (id int)');
    await first.stop();

    const second = installation.start({ user, dataDir });
    const again = await second.ready();

    expect(location.startsWith(home)).toBe(false);
    expect(first.progress.join('\n')).toContain(`The database lies in ${location}`);
    expect(again.location).toBe(location);
    expect(await second.query('SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 0 }]);
    await second.stop();
    await rm(location, { recursive: true });
    await rm(home, { recursive: true });
  });

  it("an ordinary user's database is started as its owner, who can go on without root", async () => {
    const [owner] = boundUsers;
    if (owner === undefined) return;
    const dataDir = join(await installation.folderOf(owner), 'data');
    const made = installation.start({ user: owner, dataDir });
    await made.ready();
    await made.stop();

    const byRoot = installation.start({ user, dataDir });
    await byRoot.ready();
    await byRoot.stop();
    const again = installation.start({ user: owner, dataDir });
    await again.ready();

    expect(await again.stop()).toBe(0);
  });

  it("root's database is refused to an ordinary user with one sentence", async () => {
    const [other] = boundUsers;
    if (other === undefined) return;
    const parent = await installation.folderOf(other);
    const dataDir = join(parent, 'data');
    const made = installation.start({ user, dataDir });
    await made.ready();
    await made.stop();

    const said = await installation.start({ user: other, dataDir }).errors();

    expect(oneSentence(said)).toContain(`The data directory ${dataDir} is not writable`);
  });
});
