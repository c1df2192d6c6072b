import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The user that PostgreSQL runs as when that is not the user of this process. */
export type Owner = { readonly uid: number; readonly gid: number };

/** PostgreSQL refuses to run as root; "nobody" exists by number everywhere, so no user has to be made. */
export const nobody: Owner = { uid: 65534, gid: 65534 };

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Options for spawning a PostgreSQL program: nothing of our environment (it holds secrets and PG* variables) reaches it. */
export function programOptions(owner: Owner | undefined) {
  return {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...(owner === undefined ? {} : { uid: owner.uid, gid: owner.gid }),
  };
}

/** Whether `owner` may pass through `directory` and everything above it, by the mode bits. */
export async function canTraverse(directory: string, owner: Owner): Promise<boolean> {
  for (let path = await realpath(directory); ; path = dirname(path)) {
    if (!(await maySearch(path, owner))) return false;
    if (path === dirname(path)) return true;
  }
}

async function maySearch(directory: string, owner: Owner): Promise<boolean> {
  const facts = await stat(directory);
  if (facts.uid === owner.uid) return (facts.mode & 0o100) !== 0;
  if (facts.gid === owner.gid) return (facts.mode & 0o010) !== 0;
  return (facts.mode & 0o001) !== 0;
}
