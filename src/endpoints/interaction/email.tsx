import type { Context } from 'koa';
import {
  EmailCodePage,
  EmailLinkElsewherePage,
  EmailLinkPage,
  EmailSignInPage,
  type EmailSignInProblem,
} from '../../../views/login/email.tsx';
import { requestEmailSignIn } from '../../domain/authentication/request-email-sign-in.ts';
import { verifyEmailAttempt } from '../../domain/authentication/verify-email-attempt.ts';
import { type EmailProof, findEmailSignIn, type OpenEmailSignIn } from '../../domain/credentials/email-sign-ins.ts';
import { networkPrefix } from '../../kernel/network-prefix.ts';
import { answerPage, seeOther, visitorOf } from '../http/answer-page.ts';
import { readDeviceTokens } from '../http/device-cookie.ts';
import { csrfTokenOf, hasCsrfToken } from './csrf.ts';
import { finishSignIn, keepSignIn } from './finish-sign-in.ts';
import type { Step } from './parts.ts';
import { isBrowser, markBrowser } from './same-browser.tsx';
import { clientSummary, signedInPerson } from './summaries.ts';

type Form = Readonly<Record<string, string>>;

const EMAIL_STEPS = ['email', 'email-code', 'email-link'] as const;
type EmailStep = (typeof EMAIL_STEPS)[number];
export const isEmailStep = (name: string | undefined): name is EmailStep => EMAIL_STEPS.some((step) => step === name);

const pathTo = ({ pending }: Pick<Step, 'pending'>, name: EmailStep): string => `/interaction/${pending.uid}/${name}`;

const LONGEST_USER_NAME = 320;

/** GET: what comes next of signing in by mail; nothing is used up by looking (mail programs look at links). */
export async function showEmailStep(step: Step, name: EmailStep): Promise<void> {
  if (name === 'email') return showRequest(step);
  const { ctx } = step;
  const open = await findOpen(step);
  if (!open) return name === 'email-link' ? showEmailLinkElsewhere(ctx) : showRequest(step);
  if (name === 'email-code') return showCode(step);
  const token = typeof ctx.query.token === 'string' ? ctx.query.token : '';
  answerPage(ctx, <EmailLinkPage client={clientSummary(step.pending)} form={formTo(step, 'email-link', { token })} />);
}

/** The link of a mail in another browser than the one that asked, or too late: one answer. */
export const showEmailLinkElsewhere = (ctx: Context): void => answerPage(ctx, <EmailLinkElsewherePage />, 400);

/** POST `username`: the same answer for whoever it may be. */
export async function askForEmail(step: Step, form: Form): Promise<void> {
  const { ctx, parts, pending } = step;
  const { username: userName = '' } = form;
  if (!parts.authentication.emailSignIn) return seeOther(ctx, `/interaction/${pending.uid}`);
  if (!hasCsrfToken(parts.csrfKey, pending, form))
    return showRequest(step, { userName, problem: { kind: 'form_expired' } });
  if (userName.trim() === '') return showRequest(step, { userName, problem: { kind: 'user_name_missing' } });
  const wish = await requestEmailSignIn(parts.authentication, visitorOf(ctx, pending.clientId), {
    userName,
    networkPrefix: networkPrefix(ctx.ip),
    interaction: pending.uid,
    browser: markBrowser(ctx, parts),
  });
  if (wish.kind === 'throttled') return showRequest(step, { userName, problem: wish });
  seeOther(ctx, pathTo(step, 'email-code'));
}

/** POST `code`. */
export const emailCode = (step: Step, form: Form): Promise<void> => {
  const code = (form.code ?? '').slice(0, 64);
  return code.trim() === '' ? showEmailStep(step, 'email-code') : verify(step, form, { code });
};

/** POST `token`: the button of the page that the link leads to. */
export const emailLink = (step: Step, form: Form): Promise<void> =>
  verify(step, form, { token: (form.token ?? '').slice(0, 200) });

async function verify(step: Step, form: Form, proof: EmailProof): Promise<void> {
  const { ctx, parts, pending } = step;
  const open = await findOpen(step);
  if (!open) return showRequest(step, { problem: { kind: 'ended' } });
  if (!hasCsrfToken(parts.csrfKey, pending, form)) return showCode(step, 'form_expired');
  const outcome = await verifyEmailAttempt(parts.authentication, visitorOf(ctx, pending.clientId), {
    id: open.id,
    proof,
    deviceTokens: readDeviceTokens(ctx, parts.issuer),
    keep: keepSignIn(step),
  });
  if (outcome.kind === 'refused') return showCode(step, 'wrong_code');
  if (outcome.kind === 'ended') return showRequest(step, { problem: { kind: 'ended' } });
  await finishSignIn(step, outcome);
}

/** What this browser has asked for in this sign-in. */
async function findOpen({ ctx, parts, pending }: Step): Promise<OpenEmailSignIn | undefined> {
  const { read, clock, emailSignIn } = parts.authentication;
  if (!emailSignIn || pending.prompt !== 'login') return undefined;
  const open = await findEmailSignIn(read, { interaction: pending.uid, now: clock.now() });
  return open && isBrowser(ctx, parts, open.browser) ? open : undefined;
}

function formTo(step: Step, name: EmailStep, fields: Readonly<Record<string, string>> = {}) {
  return {
    action: pathTo(step, name),
    csrfToken: csrfTokenOf(step.parts.csrfKey, step.pending),
    fields: Object.entries(fields).map(([key, value]) => ({ name: key, value })),
  };
}

async function showRequest(
  step: Step,
  { userName, problem }: { readonly userName?: string; readonly problem?: EmailSignInProblem } = {},
): Promise<void> {
  const { ctx, parts, pending } = step;
  const backUrl = `/interaction/${pending.uid}`;
  if (!parts.authentication.emailSignIn || pending.prompt !== 'login') return seeOther(ctx, backUrl);
  if (problem && 'retryAfterSeconds' in problem) ctx.set('Retry-After', String(problem.retryAfterSeconds));
  const { login_hint: hint } = pending.params;
  const known = (await signedInPerson(step))?.userName ?? (typeof hint === 'string' ? hint : undefined);
  answerPage(
    ctx,
    <EmailSignInPage
      form={formTo(step, 'email')}
      userName={(userName ?? known)?.slice(0, LONGEST_USER_NAME)}
      problem={problem}
      backUrl={backUrl}
    />,
    problem === undefined ? 200 : 'retryAfterSeconds' in problem ? 429 : 422,
  );
}

function showCode(step: Step, problem?: 'wrong_code' | 'form_expired'): void {
  answerPage(
    step.ctx,
    <EmailCodePage
      form={formTo(step, 'email-code')}
      hasLink={step.parts.authentication.emailSignIn?.hasLink === true}
      problem={problem}
      againUrl={pathTo(step, 'email')}
      backUrl={`/interaction/${step.pending.uid}`}
    />,
    problem === undefined ? 200 : 422,
  );
}
