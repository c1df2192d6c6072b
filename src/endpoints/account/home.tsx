import type { Context } from 'koa';
import { AccountHomePage } from '../../../views/account/home.tsx';
import type { PasswordProblem } from '../../../views/password-fields.tsx';
import { sitePaths } from '../../../views/site.ts';
import { findFactorRecovery } from '../../domain/credentials/factor-recoveries.ts';
import { findPasswordHash } from '../../domain/credentials/password-credential.ts';
import { findUser } from '../../domain/users/find-user.ts';
import { primaryEmail } from '../../domain/users/user.ts';
import { keyedHash } from '../../kernel/crypto/derive.ts';
import { answerPage } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { momentFor } from './dates.ts';
import { mayChangeEmail } from './may-change-email.ts';
import { maySeeBranding } from './may-see-branding.ts';
import { passwordRulesOf } from './new-password.ts';
import type { AccountParts, SignedInSession } from './parts.ts';
import { startSignIn } from './sign-in.ts';

export type HomeState = {
  /** Of the password form. */
  readonly problem?: PasswordProblem | undefined;
  /** Why something else was not done. */
  readonly refusal?: 'verification_throttled' | 'form_expired';
  readonly retryAfterSeconds?: number;
};

/** A form counts in the session it was shown in. */
export const accountCsrfToken = (key: Uint8Array, { uid, accountId }: SignedInSession): string =>
  keyedHash(key, ['account', uid, accountId].join('\n')).toString('base64url');

/** `/account`: who I am, and my own password. */
export async function showHome(
  ctx: Context,
  parts: AccountParts,
  session: SignedInSession,
  { problem, refusal, retryAfterSeconds }: HomeState = {},
): Promise<void> {
  const { read } = parts.authentication;
  const now = parts.authentication.clock.now();
  const [user, hash, recovery, access] = await Promise.all([
    findUser(read, session.accountId),
    findPasswordHash(read, session.accountId),
    findFactorRecovery(read, { userId: session.accountId, now }),
    parts.access.forUser(session.accountId, now),
  ]);
  if (!user) return startSignIn(ctx, parts);
  const email = primaryEmail(user);
  const csrfToken = accountCsrfToken(parts.csrfKey, session);
  if (retryAfterSeconds !== undefined) ctx.set('Retry-After', String(retryAfterSeconds));
  answerPage(
    ctx,
    <AccountHomePage
      person={addressee(ctx, user)}
      hasVerifiedEmail={email?.verified === true}
      verifyEmail={
        email && !email.verified && parts.isMailAvailable
          ? { action: sitePaths.requestVerification, csrfToken }
          : undefined
      }
      mayChangeEmail={mayChangeEmail(parts)}
      maySeeBranding={maySeeBranding(access)}
      factorRecovery={
        recovery && {
          ripeAt: momentFor(ctx, user, recovery.ripeAt),
          stop: { action: sitePaths.stopFactorRecovery, csrfToken },
        }
      }
      changePassword={hash === undefined ? undefined : { action: sitePaths.changePassword, csrfToken }}
      minimumLength={(await passwordRulesOf(parts, user)).minimumLength}
      problem={problem}
      notice={refusal ?? (problem === undefined ? noticeOf(ctx) : undefined)}
    />,
    retryAfterSeconds !== undefined ? 429 : (problem ?? refusal) === undefined ? 200 : 422,
  );
}

function noticeOf({ query }: Context): 'password_changed' | 'verification_sent' | undefined {
  if (query.changed === 'password') return 'password_changed';
  return query.sent === 'verification' ? 'verification_sent' : undefined;
}
