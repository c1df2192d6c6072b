/** The one source of time. Tests hand over a clock they move by hand. */
export type Clock = { readonly now: () => Date };

export const systemClock: Clock = { now: () => new Date() };
