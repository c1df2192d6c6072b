// What the tests of starting share.
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { freePort } from '../../support/server.ts';
import { queryOn } from '../../support/tables.ts';

/** For a start by hand on a data directory. */
export async function settingsFor(dataDir: string, key: string): Promise<Record<string, string>> {
  return {
    DOORWARD_PORT: String(await freePort()),
    DOORWARD_DATA_DIR: dataDir,
    DOORWARD_KEY_ENCRYPTION_KEY: key,
    DOORWARD_BCRYPT_COST: '4',
  };
}

/** The ids of the keys a server publishes. */
export async function keysOf(url: string): Promise<string[]> {
  const { keys } = (await (await fetch(`${url}/jwks`)).json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid).sort();
}

/** Not migrated yet, unlike the copies of the template. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const database = await freshDatabase();
  await queryOn(database.url, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  return database;
}

export const linesOf = (output: string): string[] => output.trim().split('\n');
