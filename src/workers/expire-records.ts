import { type Duty, type DutyParts, startDuty } from './schedule.ts';

const EVERY_MS = 10_000;

export type ExpireRecordsParts = {
  /** Deletes at most one bounded batch of rows whose time is over; answers true while there may be more. */
  readonly purge: () => Promise<boolean>;
  readonly onError: DutyParts['onError'];
};

/** Keeps tables from growing. Nothing depends on it: expiry is checked wherever a record is used. */
export function startExpiringRecords({ purge, onError }: ExpireRecordsParts): Duty {
  return startDuty({
    name: 'expire-records',
    everyMs: EVERY_MS,
    async run(signal) {
      while (!signal.aborted && (await purge()));
    },
    onError,
  });
}
