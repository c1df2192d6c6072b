import { acr } from '../../domain/authentication/next-factor.ts';
import { offerWork, redeemWork } from '../../domain/authentication/proof-of-work.ts';
import { verifyPasswordAttempt } from '../../domain/authentication/verify-password-attempt.ts';
import { networkPrefix } from '../../kernel/network-prefix.ts';
import { seeOther, visitorOf } from '../http/answer-page.ts';
import { readDeviceTokens } from '../http/device-cookie.ts';
import { hasCsrfToken } from './csrf.ts';
import { finishSignIn, keepSignIn } from './finish-sign-in.ts';
import { showLogin } from './login-page.tsx';
import type { Step } from './parts.ts';
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

  const prefix = networkPrefix(ctx.ip);
  const scope = { interaction: pending.uid, networkPrefix: prefix };
  const { work: challenge = '', 'work-answer': answer = '' } = form;
  const hasWorked = answer !== '' && (await redeemWork(parts.authentication, { challenge, answer, scope }));
  const outcome = await verifyPasswordAttempt(parts.authentication, visitorOf(ctx, pending.clientId), {
    userName,
    password,
    networkPrefix: prefix,
    hasWorked,
    deviceTokens: readDeviceTokens(ctx, parts.issuer),
    wantsTwoFactors: pending.requestedAcrs.includes(acr.twoFactors),
    keep: keepSignIn(step),
  });

  if (outcome.kind === 'refused') return showLogin(step, { ...shown, problem: { kind: 'wrong_credentials' } });
  if (outcome.kind === 'next_factor') {
    const browser = markBrowser(ctx, parts);
    return seeOther(ctx, await parts.interactions.keepFirstFactor(ctx, { first: outcome.first, browser }));
  }
  if (outcome.kind === 'throttled' && !hasWorked)
    return showLogin(step, { ...shown, problem: outcome, work: await offerWork(parts.authentication, scope) });
  if (outcome.kind !== 'signed_in') return showLogin(step, { ...shown, problem: outcome });
  await finishSignIn(step, outcome, form);
}
