import { type Duty, type DutyParts, startDuty } from './schedule.ts';

const EVERY_MS = 15 * 60_000;

export type EraseDeletedUsersParts = {
  /** Erases a bounded number of people whose time is over; answers true while there may be more. */
  readonly erase: () => Promise<boolean>;
  readonly onError: DutyParts['onError'];
};

/** Nothing can be restored after its time, erased or not; this makes it true of the disk as well. */
export function startErasingDeletedUsers({ erase, onError }: EraseDeletedUsersParts): Duty {
  return startDuty({
    name: 'erase-deleted-users',
    everyMs: EVERY_MS,
    async run(signal) {
      while (!signal.aborted && (await erase()));
    },
    onError,
  });
}
