import type { ChangeFeed } from '../../persistence/change-feed.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { listUserAttributes, type UserAttribute } from './user-attribute.ts';

export type UserAttributeLookup = { all(): Promise<readonly UserAttribute[]> };

/** Only a safety net: the change feed is what keeps the answer true. */
const LIFETIME_MS = 300_000;

/** All definitions, held in memory: they are few, and whoever shows a person asks. */
export function createUserAttributeLookup({
  read,
  changes,
}: {
  readonly read: Reader;
  readonly changes: Pick<ChangeFeed, 'subscribe' | 'isLive'>;
}): UserAttributeLookup {
  let held: { readonly answer: Promise<readonly UserAttribute[]>; readonly staleAfterMs: number } | undefined;
  changes.subscribe('user-attributes', () => {
    held = undefined;
  });
  return {
    all() {
      if (!changes.isLive) return listUserAttributes(read);
      if (held !== undefined && performance.now() < held.staleAfterMs) return held.answer;
      const answer = listUserAttributes(read);
      held = { answer, staleAfterMs: performance.now() + LIFETIME_MS };
      answer.catch(() => {
        if (held?.answer === answer) held = undefined;
      });
      return answer;
    },
  };
}
