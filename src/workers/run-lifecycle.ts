import type pg from 'pg';
import { deactivateEnded } from '../domain/lifecycle/deactivate-ended.ts';
import { deactivateInactive } from '../domain/lifecycle/deactivate-inactive.ts';
import { followPeriods } from '../domain/lifecycle/follow-periods.ts';
import { announceRecoveries } from '../domain/lifecycle/recover-second-factor.ts';
import type { Clock } from '../kernel/clock.ts';
import { advisoryLocks, tryAdvisoryLock } from '../persistence/advisory-lock.ts';
import type { Reader, Transact } from '../persistence/unit-of-work.ts';
import { type Duty, type DutyParts, startDuty } from './schedule.ts';

const EVERY_MS = 5_000;
const INACTIVITY_EVERY_MS = 3_600_000;

export type RunLifecycleParts = {
  readonly pool: pg.Pool;
  readonly read: Reader;
  readonly transact: Transact;
  readonly clock: Clock;
  /** Days without activity after which someone is deactivated; undefined: never. */
  readonly inactiveAfterDays: number | undefined;
  /** How long somebody waits who has lost their second factor; 0 or absent: they cannot. */
  readonly factorRecoveryDays?: number | undefined;
  readonly onError: DutyParts['onError'];
};

/** Every few seconds those whose end date has passed, periods that begin and end and who has waited long enough, every hour those who have not been active; one process at a time. */
export function startRunningLifecycle({ onError, ...parts }: RunLifecycleParts): Duty {
  let lookedAt = Number.NEGATIVE_INFINITY;
  return startDuty({
    name: 'run-lifecycle',
    everyMs: EVERY_MS,
    run: (signal) =>
      tryAdvisoryLock(parts.pool, advisoryLocks.runLifecycle, async () => {
        while (!signal.aborted && (await deactivateEnded(parts.transact)));
        while (!signal.aborted && (await followPeriods(parts.transact)));
        const { factorRecoveryDays: days = 0 } = parts;
        while (days > 0 && !signal.aborted && (await announceRecoveries(parts.transact, days)));
        const { inactiveAfterDays: afterDays, read, transact, clock } = parts;
        const now = clock.now();
        if (afterDays === undefined || now.getTime() - lookedAt < INACTIVITY_EVERY_MS) return;
        lookedAt = now.getTime();
        await deactivateInactive({ read, transact, afterDays, now, signal });
      }),
    onError,
  });
}
