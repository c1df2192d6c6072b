const seconds = { one: 'a second', many: '{count} seconds' };
const minutes = { one: 'a minute', many: '{count} minutes' };

/** A wait in words, rounded up: "20 seconds", "a minute", "4 minutes". */
export function waitTime(retryAfterSeconds: number): string {
  const whole = Math.max(1, Math.ceil(retryAfterSeconds));
  const [count, words] = whole < 60 ? [whole, seconds] : [Math.ceil(whole / 60), minutes];
  return count === 1 ? words.one : words.many.replace('{count}', String(count));
}
