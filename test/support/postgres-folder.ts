import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'doorward-test-postgres-';

/** A temporary folder that PostgreSQL's user may pass through when tests run as root. */
export async function makePostgresFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o711);
  await writeFile(join(folder, 'runner'), String(process.pid));
  return folder;
}

/** Stops servers and removes folders of test runs that were killed before they could do so. */
export async function sweepPostgresFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(tmpdir(), name);
    const runner = Number(await readFile(join(folder, 'runner'), 'utf8').catch(() => '0'));
    if (!(runner > 0) || isAlive(runner)) continue;
    await endServer(join(folder, 'postgres', 'cluster'));
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

// SIGQUIT: nobody needs the data. The command line proves that the process is that server.
async function endServer(cluster: string): Promise<void> {
  const file = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(file.split('\n')[0]);
  if (!(pid > 1)) return;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (command.includes(cluster)) process.kill(pid, 'SIGQUIT');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
