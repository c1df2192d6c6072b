import { isStorableText } from '../../kernel/text.ts';
import type { ChangeFeed } from '../../persistence/change-feed.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { ClientRecord } from './client-record.ts';
import { findClient } from './find-client.ts';

export type ClientCache = {
  /** The same object as long as nothing changed: what is built from it may be kept beside it. */
  find(clientId: string): Promise<ClientRecord | undefined>;
};

export type ClientCacheParts = {
  readonly read: Reader;
  readonly changes: Pick<ChangeFeed, 'subscribe' | 'isLive'>;
  readonly capacity?: number;
};

type Entry = { readonly answer: Promise<ClientRecord | undefined>; readonly staleAfterMs: number };

const CAPACITY = 5_000;
const LONGEST_CLIENT_ID = 512;
/** Only a safety net: the change feed is what keeps entries true. */
const LIFETIME_MS = 300_000;

/**
 * Every token request asks for its client. Held in memory, forgotten by the change feed, bypassed while the feed is down.
 * Unknown ids are not held: an attacker could fill the memory with them, and a client just registered must be found.
 */
export function createClientCache({ read, changes, capacity = CAPACITY }: ClientCacheParts): ClientCache {
  const entries = new Map<string, Entry>();
  changes.subscribe('clients', (key) => {
    if (key === '*') entries.clear();
    else entries.delete(key);
  });

  const load = (clientId: string): Promise<ClientRecord | undefined> => {
    const answer = findClient(read, clientId);
    const entry = { answer, staleAfterMs: performance.now() + LIFETIME_MS };
    entries.set(clientId, entry);
    const forget = (): void => {
      if (entries.get(clientId) === entry) entries.delete(clientId);
    };
    answer.then((client) => client ?? forget(), forget);
    const oldest = entries.size > capacity ? entries.keys().next() : undefined;
    if (oldest && !oldest.done) entries.delete(oldest.value);
    return answer;
  };

  return {
    find: async (clientId) => {
      if (clientId.length > LONGEST_CLIENT_ID || !isStorableText(clientId)) return undefined;
      if (!changes.isLive) return findClient(read, clientId);
      const entry = entries.get(clientId);
      return entry && performance.now() < entry.staleAfterMs ? entry.answer : load(clientId);
    },
  };
}
