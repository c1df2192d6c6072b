import { type Duty, type DutyParts, startDuty } from './schedule.ts';

const EVERY_MS = 30 * 60_000;

export type CheckDomainsParts = {
  /** Looks at a bounded number of domains; answers true while there may be more. */
  readonly check: () => Promise<boolean>;
  readonly onError: DutyParts['onError'];
};

/** Keeps domains confirmed. One that is not confirmed any more lapses by itself, whether this runs or not. */
export function startCheckingDomains({ check, onError }: CheckDomainsParts): Duty {
  return startDuty({
    name: 'check-domains',
    everyMs: EVERY_MS,
    async run(signal) {
      while (!signal.aborted && (await check()));
    },
    onError,
  });
}
