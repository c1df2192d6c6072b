import { PolicyDeniedPage, PolicyFactorPage } from '../../../views/login/policy-hold.tsx';
import { findSecondFactors } from '../../domain/credentials/second-factors.ts';
import { answerPage, visitorOf } from '../http/answer-page.ts';
import { csrfTokenOf } from './csrf.ts';
import { showLogin } from './login-page.tsx';
import type { Step } from './parts.ts';
import { rememberReturn } from './return-cookie.ts';
import { clientSummary, signedInPerson } from './summaries.ts';

/** They sign in again first: what is judged then is that sign-in, not the session from before. */
const ASKED_ANEW = new Set(['login_prompt', 'max_age', 'policy_age']);
const isAskedAnew = ({ pending }: Step): boolean => pending.reasons.some((reason) => ASKED_ANEW.has(reason));

/** A policy refuses whoever is signed in: the page says why, and leads back. True when it was shown. */
export async function showDenied(step: Step): Promise<boolean> {
  const { ctx, parts, pending } = step;
  const denied = pending.policy?.denied;
  if (!denied || pending.prompt !== 'login' || pending.accountId === undefined || isAskedAnew(step)) return false;
  const person = await signedInPerson(step);
  if (!person) return false;
  const target = { type: 'user', id: pending.accountId };
  const { policyId, rule, reason } = denied;
  await parts.authentication.transact(visitorOf(ctx, pending.clientId), async (tx) => {
    tx.record({
      type: 'sign-ins.refused',
      outcome: 'refused',
      reason: 'policy_denied',
      target,
      details: { policyId, rule },
    });
  });
  rememberReturn(ctx, parts, pending.uid, { clientId: pending.clientId, state: 'open' });
  answerPage(
    ctx,
    <PolicyDeniedPage
      reason={reason}
      client={clientSummary(pending)}
      person={person}
      requestId={ctx.state.requestId}
      {...waysOut(step)}
    />,
    403,
  );
  return true;
}

/** A policy asks for what no code page leads to: a passkey, or a second factor that the person has yet to set up. */
export async function showPolicyHold(step: Step): Promise<boolean> {
  const { ctx, parts, pending } = step;
  const factors = pending.policy?.factors;
  if (!factors || !pending.reasons.includes('policy_factors') || isAskedAnew(step)) return false;
  if (pending.accountId === undefined) return false;
  const { passkeys } = await findSecondFactors(parts.authentication.read, pending.accountId);
  if (passkeys > 0) {
    await showLogin(step, { notice: 'passkey_needed' });
    return true;
  }
  const person = await signedInPerson(step);
  if (!person) return false;
  rememberReturn(ctx, parts, pending.uid, { clientId: pending.clientId, state: 'open' });
  const again = `/interaction/${pending.uid}`;
  answerPage(
    ctx,
    <PolicyFactorPage
      factors={factors}
      client={clientSummary(pending)}
      person={person}
      again={again}
      {...waysOut(step)}
    />,
  );
  return true;
}

function waysOut({ parts, pending }: Step) {
  const path = `/interaction/${pending.uid}`;
  const csrfToken = csrfTokenOf(parts.csrfKey, pending);
  return {
    switchAccount: { action: `${path}/switch`, csrfToken },
    cancel: { action: `${path}/cancel`, csrfToken },
  };
}
