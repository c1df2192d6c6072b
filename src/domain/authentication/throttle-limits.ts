/**
 * How guessing is slowed. A failure raises a counter that drains over time; the first `free` failures cost nothing, each
 * further one doubles the wait until the next attempt is looked at, up to `longestWaitSeconds`. Nothing is ever locked:
 * a wait that has passed lets the next attempt in, and an attempt refused meanwhile does not lengthen it.
 */
export type ThrottleLimit = {
  readonly free: number;
  readonly drainSeconds: number;
  readonly firstWaitSeconds: number;
  readonly longestWaitSeconds: number;
};

/**
 * What is counted, by which key:
 * - `accountFromNetwork`: strangers' guesses at one account from one network prefix. Tight, because one attacker sits here;
 *   the person elsewhere does not feel it. In the long run one guess in five minutes.
 * - `account`: all strangers' guesses at one account (a botnet). In the long run one guess a minute: 1,440 a day against
 *   passwords that are never among the common ones. Ten attacking networks do not reach it (10 × 1/300 s < 1/60 s).
 * - `network`: all guesses from one prefix at any account (one password tried on many people). Generous, because an office
 *   behind one address mistypes a lot; still one guess a second in the long run.
 * - `networkWithWork`: in its place for whoever has done a sum that costs a second (proof-of-work.ts). In the long run two a second.
 * - `knownDevice`: guesses at one account from a browser this person has signed in with before. Counted apart from
 *   strangers and without the network, so that no attacker can use up the real person's allowance.
 * - `userCode`: codes of devices (RFC 8628 §5.1) that are none, from one prefix. In the long run one in half a minute.
 * - `registration`, `registrationFromNetwork`: clients that register where everyone may, from one prefix and from what one
 *   customer holds (/48, /24). In the long run 20 and 100 an hour.
 * - `emailVerification`: confirmations that one person asks for.
 * - `recoveryFromNetwork`, `recoveryNetwork`, `recoveryFromWideNetwork`: links asked for one name from one prefix, all from it, and
 *   all from what one customer holds: each is a row in the log. How many mails a person gets is limited where they are written.
 * - `secondFactor`, `secondFactorKnownDevice`: codes given for one person by whoever has got past their password; from a
 *   browser of theirs counted apart, so that nobody who has the password locks them out. In the long run one guess in ten
 *   minutes: 144 a day at three in a million.
 * - `ownGroup`: names that somebody who looks after a group tried to put into it and that were nobody's: no way to sound the directory.
 */
export const throttleLimits = {
  accountFromNetwork: { free: 5, drainSeconds: 300, firstWaitSeconds: 2, longestWaitSeconds: 300 },
  account: { free: 20, drainSeconds: 60, firstWaitSeconds: 2, longestWaitSeconds: 120 },
  network: { free: 200, drainSeconds: 1, firstWaitSeconds: 1, longestWaitSeconds: 60 },
  networkWithWork: { free: 400, drainSeconds: 0.5, firstWaitSeconds: 1, longestWaitSeconds: 30 },
  knownDevice: { free: 10, drainSeconds: 60, firstWaitSeconds: 2, longestWaitSeconds: 60 },
  registration: { free: 20, drainSeconds: 180, firstWaitSeconds: 2, longestWaitSeconds: 300 },
  registrationFromNetwork: { free: 100, drainSeconds: 36, firstWaitSeconds: 2, longestWaitSeconds: 300 },
  recoveryFromNetwork: { free: 5, drainSeconds: 300, firstWaitSeconds: 10, longestWaitSeconds: 600 },
  emailVerification: { free: 5, drainSeconds: 600, firstWaitSeconds: 30, longestWaitSeconds: 600 },
  recoveryFromWideNetwork: { free: 400, drainSeconds: 2, firstWaitSeconds: 1, longestWaitSeconds: 60 },
  recoveryNetwork: { free: 200, drainSeconds: 5, firstWaitSeconds: 1, longestWaitSeconds: 60 },
  secondFactor: { free: 5, drainSeconds: 600, firstWaitSeconds: 5, longestWaitSeconds: 600 },
  secondFactorKnownDevice: { free: 5, drainSeconds: 600, firstWaitSeconds: 5, longestWaitSeconds: 300 },
  ownGroup: { free: 20, drainSeconds: 30, firstWaitSeconds: 5, longestWaitSeconds: 300 },
  userCode: { free: 20, drainSeconds: 30, firstWaitSeconds: 2, longestWaitSeconds: 300 },
} as const satisfies Record<string, ThrottleLimit>;

export type ThrottleScope = keyof typeof throttleLimits;

/** How long a browser stays known after its last sign-in, and how many of them one person may have. */
export const KNOWN_DEVICE_DAYS = 180;
export const KNOWN_DEVICES_PER_USER = 20;
