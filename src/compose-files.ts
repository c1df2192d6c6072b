// What operators supply as files, read before anything else is begun: what is wrong in them is a mistake of the settings.
import type { Overrides } from '../views/messages/catalogue.ts';
import type { Configuration } from './config/configuration.ts';
import { openPlaceDatabase } from './connectors/place-database.ts';
import type { FindPlace } from './domain/authentication/travel.ts';
import { type BreachedPasswords, openBreachedPasswords } from './domain/credentials/breached-passwords.ts';
import { readOwnWords } from './endpoints/http/own-words.ts';

export type OperatorFiles = {
  /** Their own words for pages and mails. */
  readonly words: Overrides;
  readonly breachedPasswords: BreachedPasswords;
  readonly findPlace: FindPlace | undefined;
};

/** Throws `StartRefused`, which names the setting and what is wrong. */
export async function openOperatorFiles(configuration: Configuration): Promise<OperatorFiles> {
  return {
    words: readOwnWords(configuration.messagesFile),
    breachedPasswords: openBreachedPasswords(configuration.breachedPasswordsFile),
    findPlace: await openPlaceDatabase(configuration.placeDatabaseFile),
  };
}
