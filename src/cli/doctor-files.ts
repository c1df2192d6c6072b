import type { Configuration } from '../config/configuration.ts';
import { openPlaceDatabase } from '../connectors/place-database.ts';
import { openBreachedPasswords } from '../domain/credentials/breached-passwords.ts';
import { StartRefused } from '../kernel/start-refused.ts';
import type { Finding } from './finding.ts';

/** The operator's own files, read as at a start. */
export async function checkFiles({
  messagesFile,
  breachedPasswordsFile,
  placeDatabaseFile,
}: Configuration): Promise<readonly Finding[]> {
  const { readOwnWords } = await import('../endpoints/http/own-words.ts');
  return [
    ...(await checkFile('words', messagesFile, async (path) => {
      const languages = Object.keys(readOwnWords(path));
      return `has words in ${languages.join(', ') || 'no language'}`;
    })),
    ...(await checkFile('breached passwords', breachedPasswordsFile, async (path) => {
      const { size } = openBreachedPasswords(path);
      return `has ${size} passwords`;
    })),
    ...(await checkFile('places', placeDatabaseFile, async (path) => {
      await openPlaceDatabase(path);
      return 'can be read';
    })),
  ];
}

async function checkFile(
  check: string,
  path: string | undefined,
  look: (path: string) => Promise<string>,
): Promise<readonly Finding[]> {
  if (path === undefined) return [];
  try {
    return [{ check, state: 'ok', detail: `${path} ${await look(path)}` }];
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return [{ check, state: 'fail', detail: error.message }];
  }
}
