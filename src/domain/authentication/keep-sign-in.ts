import type { UserId } from '../../kernel/ids.ts';
import type { RewriteValues } from '../sessions/record-store.ts';
import type { Amr } from './next-factor.ts';

/** What a sign-in under way is to go on with, once somebody is known; undefined when it cannot go on by that alone. */
export type KeepSignIn = (login: {
  readonly userId: UserId;
  readonly amr: readonly Amr[];
  readonly authenticatedAt: Date;
}) => Promise<RewriteValues | undefined>;
