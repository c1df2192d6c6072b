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
 * on the account pages that asks for such a sign-in asks here.
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
    if (isFresh && isStrong(session, factors)) return { session, user, factors };
  }
  stepUp(ctx, parts, { to, factors });
  return undefined;
}

/** The session was made with all the factors that the person has now. */
export const isStrong = (session: SignedInSession, factors: SecondFactors): boolean =>
  !hasAny(factors) || session.acr === acr.twoFactors;

type StepUp = { readonly to?: Destination; readonly factors: SecondFactors | undefined };

export function stepUp(ctx: Context, parts: AccountParts, { to, factors }: StepUp): void {
  const strong = factors && hasAny(factors) ? { acr_values: acr.twoFactors } : {};
  const more = { max_age: String(FRESH_SECONDS - 60), ...strong };
  startSignIn(ctx, parts, to === undefined ? { more } : { to, more });
}
