/** How often a value of the second list is the larger one: 0.5 when the two cannot be told apart (Mann-Whitney U / nm). */
export function superiority(first: readonly number[], second: readonly number[]): number {
  const wins = first.flatMap((a) => second.map((b) => (b > a ? 1 : b === a ? 0.5 : 0)));
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Either is enough: ranks feel a shift of microseconds that no network shows, medians feel one that matters. */
export const areAlike = (first: readonly number[], second: readonly number[]): boolean =>
  Math.abs(superiority(first, second) - 0.5) < 0.1 || Math.abs(median(first) - median(second)) < median(first) * 0.1;
