import { isUuid } from '../../kernel/ids.ts';
import type { ChangeFeed } from '../../persistence/change-feed.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import {
  type AccessFacts,
  type AccessPeriod,
  type EffectiveAccess,
  evaluateAccess,
  NO_ACCESS,
} from './effective-access.ts';
import { loadClientAccess, loadUserAccess } from './load-access.ts';

export type AccessLookup = {
  /** Nothing for a person who is unknown or not active. */
  forUser(userId: string, at: Date): Promise<EffectiveAccess>;
  /** The client's own permissions and those of its roles; nothing for a client that is unknown or disabled. */
  forClient(clientId: string, at: Date): Promise<EffectiveAccess>;
};

export type AccessLookupParts = {
  readonly read: Reader;
  readonly changes: Pick<ChangeFeed, 'subscribe' | 'isLive'>;
  /** Subjects held in memory; the least recently used leave first. */
  readonly capacity?: number;
};

type Entry = { readonly facts: AccessFacts; readonly staleAfterMs: number; period: AccessPeriod };
type Load = () => Promise<AccessFacts>;

const CAPACITY = 10_000;
/** Only a safety net: the change feed is what keeps entries true. */
const LIFETIME_MS = 300_000;

/**
 * Effective access from memory. Entries carry the periods of the assignments, so that a start or an end takes effect on the
 * second without any event; administrative changes arrive by the change feed, and while that is down nothing is held.
 */
export function createAccessLookup({ read, changes, capacity = CAPACITY }: AccessLookupParts): AccessLookup {
  const entries = new Map<string, Entry>();
  const loading = new Map<string, Promise<Entry>>();

  const forget = (key: string): void => {
    if (key === '*') {
      entries.clear();
      loading.clear();
      return;
    }
    entries.delete(key);
    // A load that began before the change may have read the state before it: its answer is not kept.
    loading.delete(key);
  };
  changes.subscribe('access', forget);
  changes.subscribe('users', (id) => forget(id === '*' ? id : `user:${id}`));
  changes.subscribe('clients', (id) => forget(id === '*' ? id : `client:${id}`));

  const keep = (key: string, entry: Entry): void => {
    entries.set(key, entry);
    if (entries.size <= capacity) return;
    const oldest = entries.keys().next();
    if (!oldest.done) entries.delete(oldest.value);
  };
  const loadOnce = (key: string, load: Load, atMs: number): Promise<Entry> => {
    const running = loading.get(key);
    if (running !== undefined) return running;
    const started: Promise<Entry> = newEntry(load, atMs).then(
      (entry) => {
        if (loading.get(key) === started) {
          loading.delete(key);
          if (changes.isLive) keep(key, entry);
        }
        return entry;
      },
      (error) => {
        if (loading.get(key) === started) loading.delete(key);
        throw error;
      },
    );
    loading.set(key, started);
    return started;
  };
  const find = async (key: string, load: Load, at: Date): Promise<EffectiveAccess> => {
    const atMs = at.getTime();
    if (!changes.isLive) return evaluateAccess(await load(), atMs).access;
    const held = entries.get(key);
    if (held === undefined || held.staleAfterMs < performance.now())
      return accessAt(await loadOnce(key, load, atMs), atMs);
    entries.delete(key);
    entries.set(key, held);
    return accessAt(held, atMs);
  };

  return {
    forUser: async (userId, at) =>
      isUuid(userId) ? find(`user:${userId}`, () => loadUserAccess(read, userId), at) : NO_ACCESS,
    forClient: (clientId, at) => find(`client:${clientId}`, () => loadClientAccess(read, clientId), at),
  };
}

async function newEntry(load: Load, atMs: number): Promise<Entry> {
  const staleAfterMs = performance.now() + LIFETIME_MS;
  const facts = await load();
  return { facts, staleAfterMs, period: evaluateAccess(facts, atMs) };
}

function accessAt(entry: Entry, atMs: number): EffectiveAccess {
  if (atMs < entry.period.fromMs || atMs >= entry.period.untilMs) entry.period = evaluateAccess(entry.facts, atMs);
  return entry.period.access;
}
