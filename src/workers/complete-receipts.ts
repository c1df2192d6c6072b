import { type CompleteReceiptsParts, completeReceipts } from '../domain/receipts/complete-receipts.ts';
import type { ChangeFeed } from '../persistence/change-feed.ts';
import { type Duty, type DutyParts, startDuty } from './schedule.ts';

const EVERY_MS = 1_000;
const LOOK_ANYWAY_MS = 60_000;

/** Looks for what can be signed after something changed, and every minute for what another process left. */
export function startCompletingReceipts({
  changes,
  onError,
  ...parts
}: CompleteReceiptsParts & {
  readonly changes: Pick<ChangeFeed, 'subscribe'>;
  readonly onError: DutyParts['onError'];
}): Duty {
  let isDue = true;
  let lookedAt = 0;
  const duty = startDuty({
    name: 'complete-receipts',
    everyMs: EVERY_MS,
    async run(signal) {
      if (!isDue && performance.now() - lookedAt < LOOK_ANYWAY_MS) return;
      isDue = false;
      lookedAt = performance.now();
      while (!signal.aborted && (await completeReceipts(parts)));
    },
    onError,
  });
  const unsubscribe = changes.subscribe('receipts', () => {
    isDue = true;
  });
  return {
    ...duty,
    async stop() {
      unsubscribe();
      await duty.stop();
    },
  };
}
