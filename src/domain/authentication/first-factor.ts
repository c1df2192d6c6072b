import type { SignInAccount } from './sign-in-account.ts';

/**
 * A verified password while another factor is asked for. It waits in the interaction, not in a session, and is worth nothing
 * by itself: what it says is asked again when the next factor comes.
 */
export type FirstFactor = {
  readonly userId: string;
  readonly amr: readonly ['pwd'];
  /** Milliseconds since the epoch. */
  readonly verifiedAt: number;
  /** The password that was verified, by when it was set; as PostgreSQL writes it. */
  readonly passwordChangedAt: string;
};

/** Time enough to look for the telephone. */
export const FIRST_FACTOR_SECONDS = 10 * 60;

export const firstFactorOf = (account: SignInAccount, verifiedAt: Date): FirstFactor => ({
  userId: account.id,
  amr: ['pwd'],
  verifiedAt: verifiedAt.getTime(),
  passwordChangedAt: account.passwordChangedAt ?? '',
});

/** Still good: it is not too old, the person may sign in, and the password is the one that was verified. */
export function holds(first: FirstFactor, account: SignInAccount | undefined, now: Date): account is SignInAccount {
  if (!account?.active || account.id !== first.userId || !first.amr.includes('pwd')) return false;
  const isFresh = now.getTime() - first.verifiedAt < FIRST_FACTOR_SECONDS * 1000;
  return isFresh && account.passwordChangedAt === first.passwordChangedAt;
}
