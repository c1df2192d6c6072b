import type { Context } from 'koa';
import { AccountHomePage } from '../../../views/account/home.tsx';
import type { PasswordProblem } from '../../../views/password-fields.tsx';
import { sitePaths } from '../../../views/site.ts';
import { findPasswordHash } from '../../domain/credentials/password-credential.ts';
import { SHORTEST_PASSWORD } from '../../domain/credentials/password-rules.ts';
import { findUser } from '../../domain/users/find-user.ts';
import { primaryEmail } from '../../domain/users/user.ts';
import { keyedHash } from '../../kernel/crypto/derive.ts';
import { answerPage } from '../http/answer-page.ts';
import { personSummary } from '../http/person-summary.ts';
import type { AccountParts, SignedInSession } from './parts.ts';
import { startSignIn } from './sign-in.ts';

export type HomeState = { readonly problem?: PasswordProblem | undefined; readonly retryAfterSeconds?: number };

/** A form counts in the session it was shown in. */
export const accountCsrfToken = (key: Uint8Array, { uid, accountId }: SignedInSession): string =>
  keyedHash(key, ['account', uid, accountId].join('\n')).toString('base64url');

/** `/account`: who I am, and my own password. */
export async function showHome(
  ctx: Context,
  parts: AccountParts,
  session: SignedInSession,
  { problem, retryAfterSeconds }: HomeState = {},
): Promise<void> {
  const { read } = parts.authentication;
  const [user, hash] = await Promise.all([
    findUser(read, session.accountId),
    findPasswordHash(read, session.accountId),
  ]);
  if (!user) return startSignIn(ctx, parts);
  if (retryAfterSeconds !== undefined) ctx.set('Retry-After', String(retryAfterSeconds));
  answerPage(
    ctx,
    <AccountHomePage
      person={personSummary(user)}
      hasVerifiedEmail={primaryEmail(user)?.verified === true}
      changePassword={
        hash === undefined
          ? undefined
          : { action: sitePaths.changePassword, csrfToken: accountCsrfToken(parts.csrfKey, session) }
      }
      minimumLength={SHORTEST_PASSWORD}
      problem={problem}
      notice={problem === undefined && ctx.query.changed === 'password' ? 'password_changed' : undefined}
    />,
    problem === undefined ? 200 : problem === 'throttled' ? 429 : 422,
  );
}
