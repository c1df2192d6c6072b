// Ends a server with everything it started, as a power cut would.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The PostgreSQL server of a data directory and all its children. */
export async function postgresProcesses(dataDir: string): Promise<number[]> {
  const file = join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const postmaster = Number(text.split('\n')[0]);
  if (!(postmaster > 1)) return [];
  const command = await readFile(`/proc/${postmaster}/cmdline`, 'utf8').catch(() => '');
  return command.includes(dataDir) ? [postmaster, ...(await childrenOf(postmaster))] : [];
}

export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

export async function killTree(pid: number, dataDir: string): Promise<void> {
  const nodes = [pid, ...(await childrenOf(pid))];
  const processes = [...nodes, ...(await postgresProcesses(dataDir))];
  for (const one of new Set(processes)) killIfThere(one);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
