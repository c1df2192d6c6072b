const units = [
  { seconds: 86_400, one: 'a day', many: '{count} days' },
  { seconds: 3_600, one: 'an hour', many: '{count} hours' },
  { seconds: 60, one: 'a minute', many: '{count} minutes' },
];

/** How long a link lasts, in words: "30 minutes", "a day". Never more than it is. */
export function durationInWords(seconds: number): string {
  const unit = units.find((one) => seconds >= one.seconds) ?? units[2];
  if (!unit) return '';
  const count = Math.max(1, Math.floor(seconds / unit.seconds));
  return count === 1 ? unit.one : unit.many.replace('{count}', String(count));
}
