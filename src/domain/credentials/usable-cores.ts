import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, posix } from 'node:path';

export type CoreSources = {
  /** What the scheduler offers: affinity mask and machine. */
  readonly parallelism?: number;
  /** Reads a file of procfs or sysfs; throws when there is none. */
  readonly read?: (path: string) => string;
};

const MOUNT = '/sys/fs/cgroup';

/**
 * How many cores this process may keep busy: the smaller of `os.availableParallelism()` and the CPU quota of its
 * control group (v2 `cpu.max`, v1 `cpu.cfs_quota_us`), which a container gets and Node 20 does not look at. At least 1.
 */
export function usableCores({ parallelism = availableParallelism(), read = readText }: CoreSources = {}): number {
  const quotas = [...cpuDirectories(read)].flatMap((directory) => quotaOf(directory, read));
  return Math.max(1, Math.floor(Math.min(parallelism, ...quotas)));
}

// A quota anywhere between the root and our own group binds. Inside a container the path of the host may not exist.
function cpuDirectories(read: (path: string) => string): Set<string> {
  const directories = new Set([MOUNT, join(MOUNT, 'cpu'), join(MOUNT, 'cpu,cpuacct')]);
  for (const line of tryRead(read, '/proc/self/cgroup').split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    if (controllers !== '' && !controllers.split(',').includes('cpu')) continue;
    for (let group = path; group !== '/'; group = posix.dirname(group)) {
      directories.add(join(MOUNT, controllers, group));
      if (controllers !== '') directories.add(join(MOUNT, 'cpu', group));
    }
  }
  return directories;
}

function quotaOf(directory: string, read: (path: string) => string): number[] {
  const [v2Quota, v2Period] = tryRead(read, join(directory, 'cpu.max')).trim().split(/\s+/).map(Number);
  const v1Quota = Number(tryRead(read, join(directory, 'cpu.cfs_quota_us')).trim());
  const v1Period = Number(tryRead(read, join(directory, 'cpu.cfs_period_us')).trim());
  // "max" (v2) and -1 (v1) mean no quota.
  return [Number(v2Quota) / Number(v2Period), v1Quota / v1Period].filter(
    (cores) => Number.isFinite(cores) && cores > 0,
  );
}

function tryRead(read: (path: string) => string, path: string): string {
  try {
    return read(path);
  } catch {
    return '';
  }
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
