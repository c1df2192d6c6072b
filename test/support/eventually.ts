import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is as wanted; gives the last answer when it never is, for the test to show. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  isWanted: (answer: T) => boolean,
  withinMilliseconds = 15_000,
): Promise<T> {
  const deadline = Date.now() + withinMilliseconds;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer) || Date.now() > deadline) return answer;
    await pause(20);
  }
}
