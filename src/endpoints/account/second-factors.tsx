import type { Context } from 'koa';
import { RecoveryCodesPage } from '../../../views/account/recovery-codes.tsx';
import { SecondFactorsPage, type SecondFactorsProblem } from '../../../views/account/second-factors.tsx';
import { sitePaths } from '../../../views/site.ts';
import { confirmPassword } from '../../domain/authentication/confirm-password.ts';
import { reissueRecoveryCodes, removeTotp } from '../../domain/lifecycle/change-second-factors.ts';
import type { User } from '../../domain/users/user.ts';
import { networkPrefix } from '../../kernel/network-prefix.ts';
import { answerPage, seeOther } from '../http/answer-page.ts';
import { readDeviceTokens } from '../http/device-cookie.ts';
import { addressee } from '../http/person-summary.ts';
import { readFormBody } from '../http/read-body.ts';
import { dateFor } from './dates.ts';
import { type FreshPerson, freshPerson } from './fresh-sign-in.ts';
import { accountCsrfToken } from './home.tsx';
import type { AccountParts } from './parts.ts';
import { actorOf, changeAs, isOurs } from './signed-in.ts';

/** `/account/second-factors`: what is asked after the password. */
export async function secondFactors(ctx: Context, parts: AccountParts): Promise<void> {
  const person = await freshPerson(ctx, parts);
  if (person) showSecondFactors(ctx, parts, person);
}

/** POST `current-password`. */
export async function removeAuthenticatorApp(ctx: Context, parts: AccountParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const person = await freshPerson(ctx, parts);
  if (!person) return;
  const problem = isOurs(parts, person, form)
    ? await passwordProblem(ctx, parts, person.user, form['current-password'] ?? '')
    : ({ kind: 'form_expired' } as const);
  if (problem) return showSecondFactors(ctx, parts, person, problem);
  await changeAs(ctx, parts, person, (tx) => removeTotp(tx, person.user.id));
  seeOther(ctx, `${sitePaths.secondFactors}?changed=removed`);
}

/** POST: ten new codes, shown in this answer alone. */
export async function newRecoveryCodes(ctx: Context, parts: AccountParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const person = await freshPerson(ctx, parts);
  if (!person) return;
  if (!isOurs(parts, person, form)) return showSecondFactors(ctx, parts, person, { kind: 'form_expired' });
  const { secondFactors: secrets } = parts.authentication;
  const codes = await changeAs(ctx, parts, person, (tx) => reissueRecoveryCodes(tx, secrets, person.user.id));
  if (!codes) return seeOther(ctx, sitePaths.secondFactors);
  answerPage(ctx, <RecoveryCodesPage person={addressee(ctx, person.user)} codes={codes} />);
}

async function passwordProblem(
  ctx: Context,
  parts: AccountParts,
  user: User,
  password: string,
): Promise<SecondFactorsProblem | undefined> {
  if (password === '') return { kind: 'password_missing' };
  const confirmation = await confirmPassword(parts.authentication, actorOf(ctx, user), {
    userName: user.userName,
    password,
    networkPrefix: networkPrefix(ctx.ip),
    deviceTokens: readDeviceTokens(ctx, parts.issuer),
  });
  if (confirmation.kind === 'confirmed' && confirmation.account.id === user.id) return undefined;
  if (confirmation.kind === 'throttled' || confirmation.kind === 'busy')
    return { kind: 'throttled', retryAfterSeconds: confirmation.retryAfterSeconds };
  return { kind: 'password_wrong' };
}

export function showSecondFactors(
  ctx: Context,
  { csrfKey, authentication }: AccountParts,
  { session, user, factors: { totp, passkeys, recoveryCodesLeft } }: FreshPerson,
  problem?: SecondFactorsProblem,
): void {
  const csrfToken = accountCsrfToken(csrfKey, session);
  if (problem && 'retryAfterSeconds' in problem) ctx.set('Retry-After', String(problem.retryAfterSeconds));
  answerPage(
    ctx,
    <SecondFactorsPage
      person={addressee(ctx, user)}
      totp={
        totp && {
          createdAt: dateFor(ctx, user, totp.createdAt),
          lastUsedAt: dateFor(ctx, user, totp.lastUsedAt),
          remove: { action: sitePaths.removeTotp, csrfToken },
        }
      }
      passkeys={authentication.passkeys && passkeys}
      recoveryCodes={
        totp || passkeys > 0
          ? { left: recoveryCodesLeft, reissue: { action: sitePaths.recoveryCodes, csrfToken } }
          : undefined
      }
      problem={problem}
      notice={ctx.query.changed === 'removed' ? 'removed' : undefined}
    />,
    problem === undefined ? 200 : 'retryAfterSeconds' in problem ? 429 : 422,
  );
}
