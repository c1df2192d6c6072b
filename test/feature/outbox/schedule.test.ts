import { describe, expect, it } from '@jest/globals';
import { startExpiringRecords } from '../../../src/workers/expire-records.ts';
import { startDuty } from '../../../src/workers/schedule.ts';

const onError = (error: unknown) => {
  throw error;
};

/** A promise that the test resolves. */
function gate() {
  let open: () => void = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

describe('a duty', () => {
  it('runs again and again by itself', async () => {
    let runs = 0;
    const third = gate();
    const duty = startDuty({
      name: 'test',
      everyMs: 1,
      onError,
      run: async () => {
        runs += 1;
        if (runs === 3) third.open();
      },
    });

    await third.passed;
    await duty.stop();
    expect(runs).toBeGreaterThanOrEqual(3);
  });

  it('never runs twice at once: who asks while it runs joins that run', async () => {
    let runs = 0;
    const work = gate();
    const duty = startDuty({
      name: 'test',
      everyMs: 60_000,
      onError,
      run: async () => {
        runs += 1;
        await work.passed;
      },
    });

    const both = [duty.runNow(), duty.runNow()];
    work.open();
    await Promise.all(both);

    expect(runs).toBe(1);
    await duty.stop();
  });

  it('stop tells the run under way, waits for it, and lets none begin after', async () => {
    const events: string[] = [];
    const work = gate();
    const duty = startDuty({
      name: 'test',
      everyMs: 1,
      onError,
      run: async (signal) => {
        signal.addEventListener('abort', () => events.push('told'));
        await work.passed;
        events.push('ended');
      },
    });
    void duty.runNow();

    const stopped = duty.stop().then(() => events.push('stopped'));
    work.open();
    await stopped;
    await duty.runNow();

    expect(events).toEqual(['told', 'ended', 'stopped']);
  });

  it('a failed run is reported by the name of the duty, and is not the last', async () => {
    const reported: unknown[] = [];
    let runs = 0;
    const duty = startDuty({
      name: 'test',
      everyMs: 60_000,
      onError: (error, name) => reported.push([name, String(error)]),
      run: async () => {
        runs += 1;
        throw new Error('no');
      },
    });

    await duty.runNow();
    await duty.runNow();

    expect(runs).toBe(2);
    expect(reported).toEqual([
      ['test', 'Error: no'],
      ['test', 'Error: no'],
    ]);
    await duty.stop();
  });
});

it('expired records are purged batch by batch until there are no more', async () => {
  const batches = [true, true, false, true];
  const duty = startExpiringRecords({ purge: async () => batches.shift() ?? false, onError });

  await duty.runNow();

  expect(batches).toEqual([true]);
  await duty.stop();
});
