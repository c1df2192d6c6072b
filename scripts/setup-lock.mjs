// A lock file for set-up: its holder touches it while it works, so one left by a killed process ages and is taken over.
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const touchMilliseconds = 1_000;
const staleMilliseconds = 10_000;
const pollMilliseconds = 100;

/** Runs `work` while no other process does so under the same folder. */
export async function withSetupLock(folder, report, work) {
  const path = join(folder, 'setup.lock');
  const mine = `${process.pid} ${randomBytes(8).toString('hex')}\n`;
  await mkdir(folder, { recursive: true });
  await acquire(path, mine, report);
  const ticker = setInterval(() => utimes(path, new Date(), new Date()).catch(() => {}), touchMilliseconds);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
    if ((await read(path)) === mine) await rm(path, { force: true });
  }
}

async function acquire(path, mine, report) {
  let hasTold = false;
  const draft = `${path}.${mine.trim().replace(' ', '-')}`;
  await writeFile(draft, mine);
  try {
    while (!(await take(draft, path))) {
      const seen = await read(path);
      if (seen !== undefined && (await isStale(path, seen))) await discard(path, seen);
      else if (!hasTold) {
        hasTold = true;
        report(`Waiting for another Doorward set-up (pid ${seen?.split(' ')[0] ?? 'unknown'}) …`);
      }
      await pause(pollMilliseconds);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

// link(2) either makes the name or fails; the file is complete from the first moment.
async function take(draft, path) {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

async function read(path) {
  return readFile(path, 'utf8').catch(() => undefined);
}

// A process id may be re-used, and may belong to another container: a living one proves nothing, a dead one does.
async function isStale(path, content) {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return false;
  return Date.now() - facts.mtimeMs > staleMilliseconds || !isAlive(Number(content.split(' ')[0]));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// Renamed first: of several that saw the same stale file one gets it, and a fresh one taken by mistake is put back.
async function discard(path, seen) {
  const aside = `${path}.stale-${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
    if ((await read(aside)) !== seen) await link(aside, path);
  } catch {
    // Another process was faster.
  } finally {
    await rm(aside, { force: true });
  }
}
