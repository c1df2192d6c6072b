import { StartRefused } from '../kernel/start-refused.ts';

/** The `code` of a Node, libuv or PostgreSQL error; undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const advice = 'make it writable for this user or set DOORWARD_DATA_DIR to another directory';

const reasons: Readonly<Record<string, string>> = {
  EACCES: `is not writable or not reachable for this user: ${advice}`,
  EPERM: `does not let this user write: ${advice}`,
  EROFS: `lies on a read-only file system: ${advice}`,
  ENOSPC: 'lies on a full disk: free some space or set DOORWARD_DATA_DIR to another disk',
  EDQUOT: 'is over its disk quota: free some space or set DOORWARD_DATA_DIR to another disk',
  ENOTDIR: 'is not a directory: set DOORWARD_DATA_DIR to a directory',
  EEXIST: 'is not a directory: set DOORWARD_DATA_DIR to a directory',
  ENAMETOOLONG: 'has too long a name: set DOORWARD_DATA_DIR to a shorter path',
  ELOOP: 'is a symbolic link to itself: set DOORWARD_DATA_DIR to a directory',
};

/** Turns a file system error on the data directory into one sentence; other errors pass through. */
export function refusedDirectory(path: string, error: unknown): unknown {
  const reason = reasons[errorCode(error) ?? ''];
  return reason === undefined ? error : new StartRefused(`The data directory ${path} ${reason}.`, { cause: error });
}

/** One sentence from what a PostgreSQL program wrote before it gave up. */
export function refusedProgram(what: string, home: string, output: string): StartRefused {
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return new StartRefused(`The data directory ${home} ${reasons.ENOSPC}.`);
  }
  if (/Read-only file system/.test(output)) return new StartRefused(`The data directory ${home} ${reasons.EROFS}.`);
  if (/Permission denied|Operation not permitted|wrong ownership|invalid permissions/.test(output)) {
    return new StartRefused(`The data directory ${home} ${reasons.EACCES} (${lastComplaint(output)}).`);
  }
  return new StartRefused(`${what} failed in ${home}: ${lastComplaint(output)}.`);
}

function lastComplaint(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const complaint =
    lines.findLast((line) => /FATAL|PANIC|ERROR|error:/.test(line)) ?? lines.at(-1) ?? 'no reason given';
  return complaint.replace(/^.*?(?:FATAL|PANIC|ERROR|error):\s*/, '').trim();
}
