import type { Context } from 'koa';
import type { PasswordProblem } from '../../../views/password-fields.tsx';
import { LinkExpiredPage } from '../../../views/recovery/link-expired.tsx';
import { PasswordSetPage } from '../../../views/recovery/password-set.tsx';
import { SetPasswordPage } from '../../../views/recovery/set-password.tsx';
import { sitePaths } from '../../../views/site.ts';
import { findLink } from '../../domain/credentials/redeem-link.ts';
import { SET_PASSWORD_PATH } from '../../domain/credentials/set-password-url.ts';
import { redeemSetPasswordLink } from '../../domain/lifecycle/redeem-set-password-link.ts';
import { findUser } from '../../domain/users/find-user.ts';
import type { User } from '../../domain/users/user.ts';
import { answerPage, visitorOf } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { readFormBody } from '../http/read-body.ts';
import { newPasswordProblem, passwordRulesOf } from './new-password.ts';
import type { AccountParts } from './parts.ts';
import { SIGN_IN_PATH } from './sign-in.ts';

/** GET and HEAD: shows the form in any browser and uses nothing up, so that mail scanners may look at it. */
export async function showSetPassword(ctx: Context, parts: AccountParts): Promise<void> {
  const token = typeof ctx.query.token === 'string' ? ctx.query.token : '';
  const user = await personOf(parts, token);
  if (!user) return showLinkExpired(ctx, parts);
  return showForm(ctx, parts, { token, user });
}

/** POST `token`, `new-password`, `new-password-again`: uses the link up and ends what was signed in. */
export async function setPasswordByLink(ctx: Context, parts: AccountParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const token = form.token ?? (typeof ctx.query.token === 'string' ? ctx.query.token : '');
  const user = await personOf(parts, token);
  if (!user) {
    // Nothing is hashed for a link that is none; the refusal is recorded all the same.
    await parts.authentication.transact(visitorOf(ctx), (tx) => redeemSetPasswordLink(tx, { token, hash: '' }));
    return showLinkExpired(ctx, parts);
  }
  const problem = await newPasswordProblem(parts, form, user);
  if (problem) return showForm(ctx, parts, { token, user, problem });
  const hash = await parts.authentication.hashing.hashPassword(form['new-password'] ?? '');
  const actor = visitorOf(ctx);
  const link = await parts.authentication.transact(actor, (tx) => redeemSetPasswordLink(tx, { token, hash }));
  if (link.outcome === 'refused') return showLinkExpired(ctx, parts);
  answerPage(ctx, <PasswordSetPage signInUrl={SIGN_IN_PATH} />);
}

async function personOf({ authentication }: AccountParts, token: string): Promise<User | undefined> {
  const link = await findLink(authentication.read, {
    token,
    purpose: 'set_password',
    now: authentication.clock.now(),
  });
  return link && findUser(authentication.read, link.userId);
}

async function showForm(
  ctx: Context,
  parts: AccountParts,
  { token, user, problem }: { token: string; user: User; problem?: PasswordProblem },
): Promise<void> {
  const { minimumLength } = await passwordRulesOf(parts, user);
  answerPage(
    ctx,
    <SetPasswordPage
      form={{ action: SET_PASSWORD_PATH, fields: [{ name: 'token', value: token }] }}
      person={addressee(ctx, user)}
      minimumLength={minimumLength}
      problem={problem}
    />,
    problem ? 422 : 200,
  );
}

function showLinkExpired(ctx: Context, { isMailAvailable }: AccountParts): void {
  answerPage(
    ctx,
    <LinkExpiredPage
      requestId={ctx.state.requestId}
      newLinkUrl={isMailAvailable ? sitePaths.forgotPassword : undefined}
    />,
    410,
  );
}
