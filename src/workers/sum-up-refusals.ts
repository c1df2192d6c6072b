import type { AnonymousRefusals } from '../domain/audit/anonymous-refusals.ts';
import { systemActor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Transact } from '../persistence/unit-of-work.ts';
import { type Duty, type DutyParts, startDuty } from './schedule.ts';

const NAME = 'sum-up-refusals';
const EVERY_MS = 5_000;

export type SumUpRefusalsParts = {
  readonly refusals: Pick<AnonymousRefusals, 'take' | 'putBack'>;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly onError: DutyParts['onError'];
};

/** Writes what was counted in the minutes that are over; `stop` writes the present one too, so stop it after the last door. */
export function startSummingUpRefusals({ refusals, transact, clock, onError }: SumUpRefusalsParts): Duty {
  const write = async (includeCurrent: boolean): Promise<void> => {
    const events = refusals.take(clock.now(), includeCurrent);
    if (events.length === 0) return;
    try {
      await transact(systemActor(NAME), async (tx) => {
        for (const event of events) tx.record(event);
      });
    } catch (error) {
      refusals.putBack(events);
      throw error;
    }
  };
  const duty = startDuty({ name: NAME, everyMs: EVERY_MS, run: () => write(false), onError });
  return {
    ...duty,
    async stop() {
      await duty.stop();
      await write(true).catch((error: unknown) => onError(error, NAME));
    },
  };
}
