import type { Context } from 'koa';
import { sitePaths } from '../../../views/site.ts';
import { acr } from '../../domain/authentication/next-factor.ts';
import { findSecondFactors, hasAny, type SecondFactors } from '../../domain/credentials/second-factors.ts';
import { findUser } from '../../domain/users/find-user.ts';
import type { User } from '../../domain/users/user.ts';
import type { AccountParts, SignedInSession } from './parts.ts';
import { type Destination, startSignIn } from './sign-in.ts';

/** How long after signing in somebody may change how they sign in, or take or give up all that is theirs. */
const FRESH_SECONDS = 15 * 60;

export type FreshPerson = { readonly session: SignedInSession; readonly user: User; readonly factors: SecondFactors };

/**
 * Whoever changes how somebody signs in has signed in a short while ago, with all the factors that person has: nothing weaker
 * than what it replaces. Else they are led to do so, and come back; the answer is then made, and this is undefined. Everything
 * on the account pages that asks for such a sign-in asks here. A form that proves the password once more is as good as a recent
 * sign-in of whoever has nothing beside it.
 */
export async function freshPerson(
  ctx: Context,
  parts: AccountParts,
  to: Destination = sitePaths.secondFactors,
  { provesPassword = false }: { readonly provesPassword?: boolean } = {},
): Promise<FreshPerson | undefined> {
  const { read, clock } = parts.authentication;
  const session = await parts.findSession(ctx);
  const [user, factors] = session
    ? await Promise.all([findUser(read, session.accountId), findSecondFactors(read, session.accountId)])
    : [];
  const freshSeconds = Math.min(FRESH_SECONDS, session?.changesMaxAgeSeconds ?? FRESH_SECONDS);
  const hasMore = factors !== undefined && hasAny(factors);
  if (session && user && factors) {
    const isFresh = clock.now().getTime() / 1000 - session.signedInAt < freshSeconds;
    const isStrong = !hasMore || session.acr === acr.twoFactors;
    if (isStrong && (isFresh || (provesPassword && !hasMore))) return { session, user, factors };
  }
  const strong = hasMore ? { acr_values: acr.twoFactors } : {};
  startSignIn(ctx, parts, { to, more: { max_age: String(freshSeconds - Math.min(60, freshSeconds / 2)), ...strong } });
  return undefined;
}
