import type { Configuration } from '../config/configuration.ts';
import { openBreachedPasswords } from '../domain/credentials/breached-passwords.ts';
import { StartRefused } from '../kernel/start-refused.ts';
import type { Finding } from './finding.ts';

/** The operator's own files, read as at a start. */
export async function checkFiles({ messagesFile, breachedPasswordsFile }: Configuration): Promise<readonly Finding[]> {
  const { readOwnWords } = await import('../endpoints/http/own-words.ts');
  return [
    ...checkFile('words', messagesFile, (path) => {
      const languages = Object.keys(readOwnWords(path));
      return `has words in ${languages.join(', ') || 'no language'}`;
    }),
    ...checkFile('breached passwords', breachedPasswordsFile, (path) => {
      const { size } = openBreachedPasswords(path);
      return `has ${size} passwords`;
    }),
  ];
}

function checkFile(check: string, path: string | undefined, look: (path: string) => string): readonly Finding[] {
  if (path === undefined) return [];
  try {
    return [{ check, state: 'ok', detail: `${path} ${look(path)}` }];
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    return [{ check, state: 'fail', detail: error.message }];
  }
}
