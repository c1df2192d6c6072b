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
import { createOrganizationAccess, type FindOrganizationAccess } from './organization-access.ts';

export type AccessLookup = {
  /** Nothing for a person who is unknown or not active. */
  forUser(userId: string, at: Date): Promise<EffectiveAccess>;
  /** The client's own permissions and those of its roles; nothing for a client that is unknown or disabled. */
  forClient(clientId: string, at: Date): Promise<EffectiveAccess>;
  readonly inOrganization: FindOrganizationAccess;
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
  const held = createHeldEntries(capacity, () => changes.isLive);
  changes.subscribe('access', held.forget);
  changes.subscribe('users', (id) => held.forget(id === '*' ? id : `user:${id}`));
  changes.subscribe('clients', (id) => held.forget(id === '*' ? id : `client:${id}`));

  const find = async (key: string, load: Load, at: Date): Promise<EffectiveAccess> => {
    const atMs = at.getTime();
    if (!changes.isLive) return evaluateAccess(await load(), atMs).access;
    return accessAt(held.find(key) ?? (await held.loadOnce(key, () => newEntry(load, atMs))), atMs);
  };

  return {
    forUser: async (userId, at) =>
      isUuid(userId) ? find(`user:${userId}`, () => loadUserAccess(read, userId), at) : NO_ACCESS,
    inOrganization: createOrganizationAccess(read),
    forClient: (clientId, at) => find(`client:${clientId}`, () => loadClientAccess(read, clientId), at),
  };
}

/** The entries in memory, least recently used first, and those on their way there. */
function createHeldEntries(capacity: number, mayKeep: () => boolean) {
  const entries = new Map<string, Entry>();
  const loading = new Map<string, Promise<Entry>>();

  const keep = (key: string, entry: Entry): void => {
    entries.set(key, entry);
    if (entries.size <= capacity) return;
    const oldest = entries.keys().next();
    if (!oldest.done) entries.delete(oldest.value);
  };
  const settle = (key: string, started: Promise<Entry>, entry: Entry | undefined): void => {
    // Another one, or none: a change arrived meanwhile, and this load may have read the state before it.
    if (loading.get(key) !== started) return;
    loading.delete(key);
    if (entry !== undefined && mayKeep()) keep(key, entry);
  };

  return {
    forget(key: string): void {
      if (key === '*') {
        entries.clear();
        loading.clear();
        return;
      }
      entries.delete(key);
      loading.delete(key);
    },
    find(key: string): Entry | undefined {
      const entry = entries.get(key);
      if (entry === undefined || entry.staleAfterMs < performance.now()) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry;
    },
    loadOnce(key: string, load: () => Promise<Entry>): Promise<Entry> {
      const running = loading.get(key);
      if (running !== undefined) return running;
      const started = load();
      loading.set(key, started);
      started.then(
        (entry) => settle(key, started, entry),
        () => settle(key, started, undefined),
      );
      return started;
    },
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
