import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version in package.json, wherever this file was built to. */
export const version: string = readVersion(import.meta.dirname);

function readVersion(folder: string): string {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) {
    if (dirname(folder) === folder) throw new Error('package.json is missing');
    return readVersion(dirname(folder));
  }
  const facts: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof facts === 'object' && facts !== null && 'version' in facts ? String(facts.version) : 'unknown';
}
