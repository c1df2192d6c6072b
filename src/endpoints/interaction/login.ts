import { verifyPasswordAttempt } from '../../domain/authentication/verify-password-attempt.ts';
import { networkPrefix } from '../../kernel/network-prefix.ts';
import { seeOther, visitorOf } from '../http/answer-page.ts';
import { readDeviceTokens, writeDeviceTokens } from '../http/device-cookie.ts';
import { hasCsrfToken } from './csrf.ts';
import { showLogin } from './login-page.tsx';
import type { Step } from './parts.ts';
import { rememberReturn } from './return-cookie.ts';
import { markBrowser } from './same-browser.tsx';

/** POST `username`, `password` (DESIGN §8 "Login form"). What was typed is shown again, the secret never. */
export async function login(step: Step, form: Readonly<Record<string, string>>): Promise<void> {
  const { ctx, parts, pending } = step;
  const { username: userName = '', password = '' } = form;
  const shown = { userName, isSwitching: form.switch === 'yes' };
  if (!hasCsrfToken(parts.csrfKey, pending, form))
    return showLogin(step, { ...shown, problem: { kind: 'form_expired' } });
  if (userName.trim() === '') return showLogin(step, { ...shown, problem: { kind: 'user_name_missing' } });
  if (password === '') return showLogin(step, { ...shown, problem: { kind: 'password_missing' } });

  const outcome = await verifyPasswordAttempt(parts.authentication, visitorOf(ctx, pending.clientId), {
    userName,
    password,
    networkPrefix: networkPrefix(ctx.ip),
    deviceTokens: readDeviceTokens(ctx, parts.issuer),
  });

  if (outcome.kind === 'refused') return showLogin(step, { ...shown, problem: { kind: 'wrong_credentials' } });
  if (outcome.kind !== 'signed_in') return showLogin(step, { ...shown, problem: outcome });
  writeDeviceTokens(ctx, parts.issuer, outcome.deviceTokens);
  // Someone else than who was signed in here: their session ends before this one begins, and nothing is carried over.
  if (pending.accountId !== undefined && pending.accountId !== outcome.userId)
    await parts.interactions.finishSwitch(ctx);
  const { userId: accountId, authenticatedAt, amr } = outcome;
  const next = await parts.interactions.finishLogin(ctx, {
    accountId,
    authenticatedAt,
    amr,
    browser: markBrowser(ctx, parts),
  });
  rememberReturn(ctx, parts, pending.uid, { clientId: pending.clientId, state: 'completed' });
  seeOther(ctx, next);
}
