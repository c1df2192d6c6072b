import { SignUpPage, SignUpSentPage } from '../../../views/sign-up/sign-up.tsx';
import { requestSignUp } from '../../domain/lifecycle/sign-up.ts';
import { networkPrefix } from '../../kernel/network-prefix.ts';
import { answerPage, seeOther, visitorOf } from '../http/answer-page.ts';
import { languageOf } from '../http/present-pages.ts';
import { rememberSignUp } from '../http/sign-up-return.ts';
import { csrfTokenOf, hasCsrfToken } from './csrf.ts';
import { showEnded } from './ended.tsx';
import type { Step } from './parts.ts';
import { rememberReturn } from './return-cookie.ts';

type Form = Readonly<Record<string, string>>;

/**
 * `prompt=create` (OpenID Initiating User Registration 1.0): the form of the sign-up page, on the way to an application. The link
 * in the mail leads back here in the browser that asked for it.
 */
export async function dispatchCreate(step: Step, stepName: string | undefined): Promise<void> {
  const { ctx, parts, pending } = step;
  const path = `/interaction/${pending.uid}`;
  if (stepName === 'sent') return answerPage(ctx, <SignUpSentPage signInUrl={`${path}/sign-in`} againUrl={path} />);
  if (stepName === 'sign-in') return seeOther(ctx, await parts.interactions.finishCreate(ctx, { anew: true }));
  return show(step);
}

/** POST `email`, or `skip=yes` of whoever has an account already. */
export async function createAccount(step: Step, form: Form): Promise<void> {
  const { ctx, parts, pending } = step;
  if (!parts.signUp) return showEnded(ctx, parts, pending.uid);
  if (!hasCsrfToken(parts.csrfKey, pending, form)) return show(step, { address: form.email });
  if (form.skip !== undefined) return seeOther(ctx, await parts.interactions.finishCreate(ctx));
  const outcome = await requestSignUp(parts.authentication, visitorOf(ctx, pending.clientId), {
    address: form.email ?? '',
    networkPrefix: networkPrefix(ctx.ip),
    policy: parts.signUp,
    language: languageOf(ctx),
  });
  if (outcome.kind === 'taken') {
    rememberSignUp(ctx, parts.issuer, pending.uid);
    return seeOther(ctx, `/interaction/${pending.uid}/sent`);
  }
  if (outcome.kind !== 'throttled') return show(step, { address: form.email, problem: outcome.kind });
  const { retryAfterSeconds } = outcome;
  ctx.set('Retry-After', String(retryAfterSeconds));
  return show(step, { address: form.email, problem: 'throttled', retryAfterSeconds });
}

type State = {
  readonly address?: string | undefined;
  readonly problem?: 'address_invalid' | 'domain_refused' | 'throttled';
  readonly retryAfterSeconds?: number;
};

async function show(step: Step, { address, problem, retryAfterSeconds }: State = {}): Promise<void> {
  const { ctx, parts, pending } = step;
  const { signUp } = parts;
  if (!signUp) return showEnded(ctx, parts, pending.uid);
  const path = `/interaction/${pending.uid}`;
  const csrfToken = csrfTokenOf(parts.csrfKey, pending);
  rememberReturn(ctx, parts, pending.uid, { clientId: pending.clientId, state: 'open' });
  answerPage(
    ctx,
    <SignUpPage
      form={{ action: `${path}/create`, csrfToken }}
      domains={signUp.registration === 'domains' ? signUp.registrationDomains : []}
      address={(address ?? hintOf(step))?.slice(0, 320)}
      problem={problem}
      retryAfterSeconds={retryAfterSeconds}
      signIn={{ action: `${path}/create`, csrfToken }}
    />,
    problem === undefined ? 200 : problem === 'throttled' ? 429 : 422,
  );
}

function hintOf({ pending }: Step): string | undefined {
  const hint = pending.params.login_hint;
  return typeof hint === 'string' && hint.includes('@') ? hint : undefined;
}
