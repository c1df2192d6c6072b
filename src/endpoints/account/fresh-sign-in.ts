import type { Context } from 'koa';
import { sitePaths } from '../../../views/site.ts';
import { acr } from '../../domain/authentication/next-factor.ts';
import { findSecondFactors, hasAny, type SecondFactors } from '../../domain/credentials/second-factors.ts';
import { findUser } from '../../domain/users/find-user.ts';
import type { User } from '../../domain/users/user.ts';
import type { AccountParts, SignedInSession } from './parts.ts';
import { type Destination, startSignIn } from './sign-in.ts';

/** How long after signing in somebody may change how they sign in. */
const FRESH_SECONDS = 15 * 60;

export type FreshPerson = { readonly session: SignedInSession; readonly user: User; readonly factors: SecondFactors };

/**
 * Whoever changes how somebody signs in has signed in a short while ago, with all the factors that person has: nothing weaker
 * than what it replaces. Else they are led to do so, and come back; the answer is then made, and this is undefined.
 */
export async function freshPerson(
  ctx: Context,
  parts: AccountParts,
  to: Destination = sitePaths.secondFactors,
): Promise<FreshPerson | undefined> {
  const { read, clock } = parts.authentication;
  const session = await parts.findSession(ctx);
  const [user, factors] = session
    ? await Promise.all([findUser(read, session.accountId), findSecondFactors(read, session.accountId)])
    : [];
  if (session && user && factors) {
    const isFresh = clock.now().getTime() / 1000 - session.signedInAt < FRESH_SECONDS;
    const isStrong = !hasAny(factors) || session.acr === acr.twoFactors;
    if (isFresh && isStrong) return { session, user, factors };
  }
  const strong = factors && hasAny(factors) ? { acr_values: acr.twoFactors } : {};
  startSignIn(ctx, parts, { to, more: { max_age: String(FRESH_SECONDS - 60), ...strong } });
  return undefined;
}
