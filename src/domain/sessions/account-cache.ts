import type { Clock } from '../../kernel/clock.ts';
import type { ChangeFeed } from '../../persistence/change-feed.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { findUser } from '../users/find-user.ts';
import { isPersonInForce } from '../users/standing.ts';
import type { User } from '../users/user.ts';

export type AccountCache = {
  /** The person when they exist and are active, and their access from `sinceSeconds` (whole seconds) still counts. */
  findActive(userId: string, sinceSeconds?: number): Promise<User | undefined>;
};

export type AccountCacheParts = {
  readonly read: Reader;
  readonly changes: Pick<ChangeFeed, 'subscribe' | 'isLive'>;
  readonly clock: Clock;
  readonly capacity?: number;
};

type Entry = { readonly answer: Promise<User | undefined>; readonly staleAfterMs: number };

const CAPACITY = 10_000;
/** Only a safety net: the change feed is what keeps entries true. */
const LIFETIME_MS = 60_000;

/**
 * People as the provider asks for them, several times a request; bypassed while the change feed is down. Their first and last
 * day are held with them and compared with the clock each time.
 */
export function createAccountCache({ read, changes, clock, capacity = CAPACITY }: AccountCacheParts): AccountCache {
  const entries = new Map<string, Entry>();
  changes.subscribe('users', (key) => {
    if (key === '*') entries.clear();
    else entries.delete(key);
  });

  const load = (userId: string): Promise<User | undefined> => {
    const answer = findUser(read, userId);
    const entry = { answer, staleAfterMs: performance.now() + LIFETIME_MS };
    entries.set(userId, entry);
    const forget = (): void => {
      if (entries.get(userId) === entry) entries.delete(userId);
    };
    answer.then((user) => user ?? forget(), forget);
    const oldest = entries.size > capacity ? entries.keys().next() : undefined;
    if (oldest && !oldest.done) entries.delete(oldest.value);
    return answer;
  };
  const find = (userId: string): Promise<User | undefined> => {
    if (!changes.isLive) return findUser(read, userId);
    const entry = entries.get(userId);
    return entry && performance.now() < entry.staleAfterMs ? entry.answer : load(userId);
  };

  return {
    async findActive(userId, sinceSeconds) {
      const user = await find(userId);
      return user && isPersonInForce(user, clock.now()) && counts(user, sinceSeconds) ? user : undefined;
    },
  };
}

/** Whole seconds, because that is what sign-in times are kept in: someone who signs in again at once must not be refused. */
function counts({ accessValidFrom }: User, sinceSeconds: number | undefined): boolean {
  if (accessValidFrom === undefined || sinceSeconds === undefined) return true;
  return sinceSeconds >= Math.floor(accessValidFrom.getTime() / 1000);
}
