import type { ChangeFeed } from '../../persistence/change-feed.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { type CompiledPolicy, compilePolicy } from './compile-policy.ts';
import { listPolicies } from './policy.ts';

export type PolicyLookup = {
  /** Those that are turned on, ready to be evaluated. */
  all(): Promise<readonly CompiledPolicy[]>;
};

/** Only a safety net: the change feed is what keeps the answer true. */
const LIFETIME_MS = 300_000;

/** With roles and groups by the names that effective access has for them, and organizations by their ids. */
export const loadPolicies = async (read: Reader): Promise<readonly CompiledPolicy[]> =>
  (await listPolicies(read, ['roles', 'groups'])).filter(({ enabled }) => enabled).map(compilePolicy);

/** All policies, held in memory: every sign-in asks, and most installations have none. */
export function createPolicyLookup({
  read,
  changes,
}: {
  readonly read: Reader;
  readonly changes: Pick<ChangeFeed, 'subscribe' | 'isLive'>;
}): PolicyLookup {
  let held: { readonly answer: Promise<readonly CompiledPolicy[]>; readonly staleAfterMs: number } | undefined;
  const forget = (): void => {
    held = undefined;
  };
  changes.subscribe('policies', forget);
  // Roles and groups may have got other names.
  changes.subscribe('access', (key) => {
    if (key === '*') forget();
  });
  return {
    all() {
      if (!changes.isLive) return loadPolicies(read);
      if (held !== undefined && performance.now() < held.staleAfterMs) return held.answer;
      const answer = loadPolicies(read);
      held = { answer, staleAfterMs: performance.now() + LIFETIME_MS };
      answer.catch(() => {
        if (held?.answer === answer) held = undefined;
      });
      return answer;
    },
  };
}
