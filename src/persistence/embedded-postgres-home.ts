import {
  access,
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StartRefused } from '../kernel/start-refused.ts';
import { initializeHome } from './embedded-postgres-init.ts';
import { canTraverse, isRoot, nobody, type Owner } from './embedded-postgres-owner.ts';
import { findPostgresPackage, type Programs, preparePrograms } from './embedded-postgres-package.ts';
import { errorCode, refusedDirectory } from './embedded-postgres-refusals.ts';

/**
 * A folder with everything of one embedded database: `cluster/` (PostgreSQL's own), `password`, `postgres.log`, and
 * usually `socket/`. It appears under its final name only when complete, so a start never meets half of one.
 */
export type Home = {
  readonly dataDir: string;
  readonly path: string;
  readonly cluster: string;
  readonly owner: Owner | undefined;
  readonly programs: Programs;
};

type Options = { readonly dataDir: string; readonly report: (progress: string) => void; readonly sync: boolean };

const postgresMajor = '18';
const relocatedHomes = '/var/lib/doorward';

/** Finds the database of a data directory, or makes an empty one. Safe when several processes do so at once. */
export async function openHome({ dataDir: given, report, sync }: Options): Promise<Home> {
  const dataDir = await prepareDataDirectory(resolve(given));
  const packageRoot = findPostgresPackage();
  const existing = await findHome(dataDir);
  if (existing !== undefined) {
    const owner = await ownerOf(existing);
    return { ...homeAt(dataDir, existing, owner), programs: await preparePrograms(packageRoot, owner, report) };
  }
  const owner = isRoot() ? nobody : undefined;
  const programs = await preparePrograms(packageRoot, owner, report);
  report('Creating the embedded database (first start only) …');
  const make = (staging: string) => initializeHome(staging, { owner, programs, sync });
  const path = await (owner !== undefined && !(await canTraverse(dataDir, owner))
    ? makeElsewhere(dataDir, owner, make)
    : makeInside(dataDir, make)
  ).catch((error: unknown) => {
    throw refusedDirectory(dataDir, error);
  });
  return { ...homeAt(dataDir, path, owner), programs };
}

function homeAt(dataDir: string, path: string, owner: Owner | undefined) {
  return { dataDir, path, cluster: join(path, 'cluster'), owner };
}

async function prepareDataDirectory(dataDir: string): Promise<string> {
  const probe = join(dataDir, `.write-probe-${process.pid}`);
  try {
    const made = await mkdir(dataDir, { recursive: true });
    // Root's PostgreSQL is another user and must be able to pass through, not to look around.
    if (made !== undefined) await chmod(dataDir, isRoot() ? 0o711 : 0o700);
    // Mode bits do not tell about read-only file systems, full disks or immutable folders; a write does.
    await writeFile(probe, Buffer.alloc(16_384));
    await rm(probe);
    return await realpath(dataDir);
  } catch (error) {
    await rm(probe, { force: true }).catch(() => {});
    throw refusedDirectory(dataDir, error);
  }
}

function pointerOf(dataDir: string): string {
  return join(dataDir, 'postgres-location');
}

async function findHome(dataDir: string): Promise<string | undefined> {
  const pointed = (await readFile(pointerOf(dataDir), 'utf8').catch(absent))?.trim();
  const path = pointed ?? join(dataDir, 'postgres');
  const version = (await readFile(join(path, 'cluster', 'PG_VERSION'), 'utf8').catch(versionAbsent))?.trim();
  if (version === undefined) return noHome(dataDir, path, pointed);
  if (version !== '' && version !== postgresMajor) {
    throw new StartRefused(
      `The database in ${path} was made by PostgreSQL ${version} and this Doorward brings ${postgresMajor}: start the Doorward version that made it and move the data with its backup.`,
    );
  }
  return path;
}

function absent(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined;
  throw error;
}

// Another user's cluster folder is closed to us: there is a version, we just cannot see it; ownerOf says so.
function versionAbsent(error: unknown): string | undefined {
  return errorCode(error) === 'EACCES' ? '' : absent(error);
}

async function noHome(dataDir: string, path: string, pointed: string | undefined): Promise<undefined> {
  if (pointed !== undefined) {
    throw new StartRefused(
      `The database of ${dataDir} should lie in ${path} and is not there: bring it back, or delete ${pointerOf(dataDir)} to begin with an empty one.`,
    );
  }
  const content = await readdir(path).catch(absent);
  if (content !== undefined && content.length > 0) {
    throw new StartRefused(
      `The folder ${path} holds no Doorward database: move it away or set DOORWARD_DATA_DIR to another directory.`,
    );
  }
  return undefined;
}

async function ownerOf(path: string): Promise<Owner | undefined> {
  const { uid, gid } = await stat(join(path, 'cluster'));
  if (!isRoot()) {
    if (uid === process.getuid?.()) return undefined;
    throw new StartRefused(
      `The database in ${path} belongs to another user (uid ${uid}): start Doorward as the user who made it, or set DOORWARD_DATA_DIR to another directory.`,
    );
  }
  const owner = { uid, gid };
  if (uid === 0 || !(await canTraverse(path, owner))) {
    throw new StartRefused(
      `The database in ${path} cannot be reached by the user it belongs to (uid ${uid}): start Doorward as that user, or open the folders above it for passing through (chmod o+x).`,
    );
  }
  return owner;
}

type Make = (staging: string) => Promise<void>;

async function makeInside(dataDir: string, make: Make): Promise<string> {
  const path = join(dataDir, 'postgres');
  await sweepStaging(dataDir);
  const staging = await mkdtemp(join(dataDir, `postgres.new-${process.pid}-`));
  try {
    await make(staging);
    // The first of several starts wins; a folder with content is never replaced by rename(2).
    await rename(staging, path).catch(wonByAnother);
    return path;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function makeElsewhere(dataDir: string, owner: Owner, make: Make): Promise<string> {
  const path = await makeRelocated(dataDir, owner);
  const draft = `${pointerOf(dataDir)}.${process.pid}`;
  try {
    await make(path);
    await writeFile(draft, `${path}\n`);
    // link(2) never replaces: the first of several starts wins.
    await link(draft, pointerOf(dataDir)).catch(wonByAnother);
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const winner = (await readFile(pointerOf(dataDir), 'utf8')).trim();
  if (winner !== path) await rm(path, { recursive: true, force: true });
  return winner;
}

async function makeRelocated(dataDir: string, owner: Owner): Promise<string> {
  try {
    const made = await mkdir(relocatedHomes, { recursive: true });
    if (made !== undefined) await chmod(relocatedHomes, 0o711);
    if (!(await canTraverse(relocatedHomes, owner))) throw new Error('closed');
    return await mkdtemp(join(relocatedHomes, `${basename(dirname(dataDir))}-`));
  } catch (cause) {
    throw new StartRefused(
      `PostgreSQL does not run as root, and as another user it cannot reach ${dataDir}: set DOORWARD_DATA_DIR to a directory outside of private folders.`,
      { cause },
    );
  }
}

function wonByAnother(error: unknown): true {
  if (errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST') return true;
  throw error;
}

// What starts that were killed while they made a database have left.
async function sweepStaging(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const maker = /^postgres\.new-(\d+)-/.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker))) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

/** Whether a process has this id; one of another user counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** The password of the database, which only the user who started Doorward can read. */
export async function passwordOf(home: Home): Promise<string> {
  const file = join(home.path, 'password');
  try {
    await access(file);
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new StartRefused(`The password of the embedded database cannot be read from ${file}: restore that file.`, {
      cause,
    });
  }
}
