import { seeOther, visitorOf } from '../http/answer-page.ts';
import { showConsent } from './consent-page.tsx';
import { hasCsrfToken } from './csrf.ts';
import { showEnded } from './ended.tsx';
import type { Step } from './parts.ts';
import { rememberReturn } from './return-cookie.ts';

/** POST `decision=approve|deny` (DESIGN §8). What is granted is what the interaction holds, and so what was shown. */
export async function consent(step: Step, form: Readonly<Record<string, string>>): Promise<void> {
  const { ctx, parts, pending } = step;
  const isOurs = hasCsrfToken(parts.csrfKey, pending, form);
  if (!isOurs || (form.decision !== 'approve' && form.decision !== 'deny')) {
    if (!(await showConsent(step, isOurs ? undefined : 'form_expired'))) await showEnded(ctx, parts, pending.uid);
    return;
  }
  const next = form.decision === 'approve' ? await parts.interactions.finishConsent(ctx) : await deny(step);
  rememberReturn(ctx, parts, pending.uid, { clientId: pending.clientId, state: 'completed' });
  seeOther(ctx, next);
}

/** A refusal is recorded, not remembered: the next request asks again. */
async function deny({ ctx, parts, pending }: Step): Promise<string> {
  const visitor = visitorOf(ctx, pending.clientId);
  const person = pending.accountId;
  await parts.authentication.transact(visitor, async (tx) => {
    tx.record({
      type: 'consents.refused',
      outcome: 'refused',
      reason: 'denied_by_person',
      ...(person === undefined
        ? {}
        : { actor: { ...visitor, type: 'user', id: person }, target: { type: 'user', id: person } }),
    });
  });
  return parts.interactions.finishDenied(ctx, 'the person did not allow it');
}
