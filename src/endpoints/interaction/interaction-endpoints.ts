import type { Middleware } from 'koa';
import { seeOther, visitorOf } from '../http/answer-page.ts';
import { wishBrand, wishLanguage } from '../http/present-pages.ts';
import { readFormBody } from '../http/read-body.ts';
import { refuseMethod } from '../http/refuse-method.tsx';
import { agree, showAgreement } from './agreement.tsx';
import { cancel } from './cancel.ts';
import { recoveryCode, showCode, totpCode } from './code.tsx';
import { consent } from './consent.ts';
import { showConsent } from './consent-page.tsx';
import { createAccount, dispatchCreate } from './create-account.tsx';
import { askForEmail, emailCode, emailLink, isEmailStep, showEmailLinkElsewhere, showEmailStep } from './email.tsx';
import { showEnded } from './ended.tsx';
import { findFirst, findFirstOfRecovery } from './first-factor.ts';
import { login } from './login.ts';
import { showLogin } from './login-page.tsx';
import { lostFactor, showLostFactor } from './lost-factor.tsx';
import type { InteractionParts, Step } from './parts.ts';
import { passkey } from './passkey.ts';
import { passkeyOffer, showPasskeyOffer } from './passkey-offer.tsx';
import { showDenied, showPolicyHold } from './policy-hold.tsx';
import { switchAccount } from './switch-account.ts';

const PATH =
  /^\/interaction\/([\w-]{1,128})(?:\/(login|passkey|passkey-offer|email|email-code|email-link|code|recovery-code|lost-factor|consent|cancel|switch|create|sent|sign-in|agreement))?$/;

const ALLOWED = 'GET, HEAD, POST';

/** Which prompt a step belongs to: a form of one step answers nothing at another (SECURITY-LESSONS 24). */
const steps = {
  login: { prompts: ['login'], run: login },
  passkey: { prompts: ['login'], run: passkey },
  'passkey-offer': { prompts: ['login'], run: passkeyOffer },
  email: { prompts: ['login'], run: askForEmail },
  'email-code': { prompts: ['login'], run: emailCode },
  'email-link': { prompts: ['login'], run: emailLink },
  code: { prompts: ['login'], run: totpCode },
  'recovery-code': { prompts: ['login'], run: recoveryCode },
  'lost-factor': { prompts: ['login'], run: lostFactor },
  create: { prompts: ['create'], run: createAccount },
  agreement: { prompts: ['agreement'], run: agree },
  cancel: { prompts: ['login', 'create', 'agreement'], run: cancel },
  consent: { prompts: ['consent'], run: consent },
  switch: { prompts: ['login', 'consent', 'agreement'], run: switchAccount },
} as const satisfies Record<
  string,
  { prompts: readonly string[]; run: (step: Step, form: Readonly<Record<string, string>>) => Promise<void> }
>;

/** `/interaction/:uid`: one dispatcher; every step comes back to it or hands over to the provider. */
export function interactionEndpoints(parts: InteractionParts): Middleware {
  return async (ctx, next) => {
    const [, uid, stepName] = PATH.exec(ctx.path) ?? [];
    if (uid === undefined) return next();
    ctx.state.route = stepName === undefined ? '/interaction/:uid' : `/interaction/:uid/${stepName}`;
    const isPost = ctx.method === 'POST';
    if (!isPost && ctx.method !== 'GET' && ctx.method !== 'HEAD') return refuseMethod(ctx, ALLOWED);
    if (isPost && stepName === undefined) return refuseMethod(ctx, 'GET, HEAD');
    const form = isPost ? await readFormBody(ctx.req) : undefined;
    const pending = await parts.interactions.find(ctx);
    // The cookie decides which interaction this is; an address that names another one was not made for this browser.
    if (!pending || pending.uid !== uid)
      return stepName === 'email-link' ? showEmailLinkElsewhere(ctx) : showEnded(ctx, parts, uid);
    wishLanguage(ctx, { uiLocales: pending.params.ui_locales });
    wishBrand(ctx, { clientId: pending.clientId });
    const step = { ctx, parts, pending };
    const name = stepName ?? stepOf(form);
    const wanted = isStepName(name) && form ? steps[name] : undefined;
    if (wanted && form && isFor(wanted.prompts, pending.prompt)) return wanted.run(step, form);
    // A reload of a step's address, a form of another step, a back button: where things stand is shown.
    return dispatch(step, stepName);
  };
}

async function dispatch(step: Step, stepName: string | undefined): Promise<void> {
  if (step.pending.prompt === 'create') return dispatchCreate(step, stepName);
  if (step.pending.prompt === 'agreement') return showAgreement(step);
  if (await showDenied(step)) return;
  if (isEmailStep(stepName) && step.pending.prompt === 'login') return showEmailStep(step, stepName);
  if (stepName === 'passkey-offer' && step.pending.prompt === 'login') return showPasskeyOffer(step);
  const lost = stepName === 'lost-factor' ? await findFirstOfRecovery(step) : undefined;
  if (lost && step.parts.factorRecoveryDays > 0) return showLostFactor(step, lost);
  const isRecovery = stepName === 'recovery-code';
  const first = await (isRecovery ? findFirstOfRecovery(step) : findFirst(step));
  if (first) return showCode(step, first, isRecovery ? 'recovery_code' : 'totp');
  if (isOutOfReach(step)) return refuseUnreachable(step);
  if (step.pending.prompt === 'login') return (await showPolicyHold(step)) ? undefined : showLogin(step);
  if (!(await showConsent(step))) await showEnded(step.ctx, step.parts, step.pending.uid);
}

const ESSENTIAL = new Set(['essential_acr', 'essential_acrs']);

/** The person has signed in by all there is, and only an essential `acr` is still missing: asking again would never end. */
const isOutOfReach = ({ pending: { prompt, accountId, reasons } }: Step): boolean =>
  prompt === 'login' &&
  accountId !== undefined &&
  reasons.length > 0 &&
  reasons.every((reason) => ESSENTIAL.has(reason));

/** OpenID Connect Core §5.5.1.1: an essential acr that cannot be had is a failed attempt, and the application is told. */
async function refuseUnreachable({ ctx, parts, pending }: Step): Promise<void> {
  await parts.authentication.transact(visitorOf(ctx, pending.clientId), async (tx) => {
    tx.record({ type: 'sign-ins.refused', outcome: 'refused', reason: 'acr_out_of_reach' });
  });
  seeOther(
    ctx,
    await parts.interactions.finishDenied(ctx, 'the requested authentication context class cannot be reached'),
  );
}

/** A form posted to the interaction's own address says by its fields which step it is (DESIGN §8 "Login form"). */
function stepOf(form: Readonly<Record<string, string>> | undefined): string | undefined {
  if (form === undefined) return undefined;
  if ('decision' in form) return 'consent';
  if ('username' in form) return 'login';
  if ('email' in form) return 'create';
  return 'code' in form ? 'code' : undefined;
}

const isStepName = (name: string | undefined): name is keyof typeof steps => name !== undefined && name in steps;
const isFor = (prompts: readonly string[], prompt: string): boolean => prompts.includes(prompt);
