import type { Context } from 'koa';
import { sitePaths } from '../../../views/site.ts';
import { confirmPassword } from '../../domain/authentication/confirm-password.ts';
import { changeOwnPassword } from '../../domain/lifecycle/change-own-password.ts';
import type { User } from '../../domain/users/user.ts';
import type { Actor } from '../../kernel/actor.ts';
import { constantTimeEqual } from '../../kernel/crypto/derive.ts';
import { networkPrefix } from '../../kernel/network-prefix.ts';
import { seeOther, visitorOf } from '../http/answer-page.ts';
import { readDeviceTokens } from '../http/device-cookie.ts';
import { readFormBody } from '../http/read-body.ts';
import { freshPerson } from './fresh-sign-in.ts';
import { accountCsrfToken, type HomeState, showHome } from './home.tsx';
import { newPasswordProblem } from './new-password.ts';
import type { AccountParts, Form, SignedInSession } from './parts.ts';

/** POST `current-password`, `new-password`, `new-password-again`. */
export async function changePassword(ctx: Context, parts: AccountParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const person = await freshPerson(ctx, parts, sitePaths.account, { provesPassword: true });
  if (!person) return;
  const { session, user } = person;
  const problem =
    (await formProblem(parts, session, form, user)) ?? (await change(ctx, parts, { session, user, form }));
  if (problem) return showHome(ctx, parts, session, problem);
  seeOther(ctx, `${sitePaths.account}?changed=password`);
}

async function formProblem(
  parts: AccountParts,
  session: SignedInSession,
  form: Form,
  user: User,
): Promise<HomeState | undefined> {
  if (!constantTimeEqual(form.csrf ?? '', accountCsrfToken(parts.csrfKey, session))) return { problem: 'form_expired' };
  if ((form['current-password'] ?? '') === '') return { problem: 'current_missing' };
  const problem = await newPasswordProblem(parts, form, user);
  return problem && { problem };
}

type Change = { readonly session: SignedInSession; readonly user: User; readonly form: Form };

async function change(
  ctx: Context,
  parts: AccountParts,
  { session, user, form }: Change,
): Promise<HomeState | undefined> {
  const { transact, hashing } = parts.authentication;
  const { 'current-password': current = '', 'new-password': next = '' } = form;
  const actor: Actor = { ...visitorOf(ctx), type: 'user', id: user.id };
  const deviceTokens = readDeviceTokens(ctx, parts.issuer);
  const confirmation = await confirmPassword(parts.authentication, actor, {
    userName: user.userName,
    password: current,
    networkPrefix: networkPrefix(ctx.ip),
    deviceTokens,
  });
  if (confirmation.kind === 'refused') return { problem: 'current_wrong' };
  if (confirmation.kind !== 'confirmed')
    return { problem: 'throttled', retryAfterSeconds: confirmation.retryAfterSeconds };
  const { account } = confirmation;
  if (account.id !== user.id) return { problem: 'current_wrong' };
  if (next === current) return { problem: 'same_as_current' };
  const hash = await hashing.hashPassword(next);
  const isChanged = await transact(actor, (tx) =>
    changeOwnPassword(tx, { account, hash, sessionUid: session.uid, deviceTokens }),
  );
  return isChanged ? undefined : { problem: 'current_wrong' };
}
