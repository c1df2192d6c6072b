import { seeOther } from '../http/answer-page.ts';
import { hasCsrfToken } from './csrf.ts';
import { showLogin } from './login-page.tsx';
import type { Step } from './parts.ts';

/**
 * "Not you?" On the login page nobody is assumed from here on; on the consent page the login page comes first. Whoever then
 * signs in as someone else ends the earlier session in this browser; who only looked has changed nothing.
 */
export async function switchAccount(step: Step, form: Readonly<Record<string, string>>): Promise<void> {
  const { ctx, parts, pending } = step;
  if (!hasCsrfToken(parts.csrfKey, pending, form)) {
    return pending.prompt === 'login'
      ? showLogin(step, { problem: { kind: 'form_expired' } })
      : seeOther(ctx, `/interaction/${pending.uid}`);
  }
  if (pending.prompt === 'login') return showLogin(step, { isSwitching: true });
  seeOther(ctx, await parts.interactions.finishSwitch(ctx));
}
