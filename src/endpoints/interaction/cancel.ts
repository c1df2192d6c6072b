import { seeOther, visitorOf } from '../http/answer-page.ts';
import { hasCsrfToken } from './csrf.ts';
import { showLogin } from './login-page.tsx';
import type { Step } from './parts.ts';
import { rememberReturn } from './return-cookie.ts';

/** OpenID Connect Core §3.1.2.6: the application is told `access_denied`. */
export async function cancel(step: Step, form: Readonly<Record<string, string>>): Promise<void> {
  const { ctx, parts, pending } = step;
  if (!hasCsrfToken(parts.csrfKey, pending, form)) {
    if (pending.prompt !== 'login') return seeOther(ctx, `/interaction/${pending.uid}`);
    return showLogin(step, { problem: { kind: 'form_expired' } });
  }
  await parts.authentication.transact(visitorOf(ctx, pending.clientId), async (tx) => {
    tx.record({ type: 'sign-ins.cancelled', outcome: 'refused', reason: 'cancelled_by_person' });
  });
  const why = pending.policy?.denied ? 'a sign-in policy does not allow it' : 'the person cancelled the sign-in';
  const next = await parts.interactions.finishDenied(ctx, why);
  rememberReturn(ctx, parts, pending.uid, { clientId: pending.clientId, state: 'completed' });
  seeOther(ctx, next);
}
