import { CodePage, type CodeProblem } from '../../../views/login/code.tsx';
import { trustDevice } from '../../domain/authentication/trusted-devices.ts';
import { type CodeAttempt, verifyCodeAttempt } from '../../domain/authentication/verify-code-attempt.ts';
import { findUser } from '../../domain/users/find-user.ts';
import { answerPage, seeOther, visitorOf } from '../http/answer-page.ts';
import { readDeviceTokens } from '../http/device-cookie.ts';
import { addressee } from '../http/person-summary.ts';
import { csrfTokenOf, hasCsrfToken } from './csrf.ts';
import { finishSignIn, keepSignIn } from './finish-sign-in.ts';
import { type FoundFirst, findFirst, findFirstOfRecovery } from './first-factor.ts';
import { showLogin } from './login-page.tsx';
import type { Step } from './parts.ts';
import { clientSummary } from './summaries.ts';

type Form = Readonly<Record<string, string>>;
type Kind = CodeAttempt['kind'];

/** POST `code`: that of the authenticator app. */
export const totpCode = (step: Step, form: Form): Promise<void> => verifyCode(step, form, 'totp');

/** POST `code`: a recovery code in its place. */
export const recoveryCode = (step: Step, form: Form): Promise<void> => verifyCode(step, form, 'recovery_code');

async function verifyCode(step: Step, form: Form, kind: Kind): Promise<void> {
  const { ctx, parts, pending } = step;
  const first = await (kind === 'totp' ? findFirst(step) : findFirstOfRecovery(step));
  // Nobody has shown a first factor here: a code answers nothing (SECURITY-LESSONS 23, 24).
  if (!first) return seeOther(ctx, `/interaction/${pending.uid}`);
  if (!hasCsrfToken(parts.csrfKey, pending, form)) return showCode(step, first, kind, { kind: 'form_expired' });
  const code = (form.code ?? '').trim();
  if (code === '') return showCode(step, first, kind, { kind: 'code_missing' });
  const visitor = visitorOf(ctx, pending.clientId);
  const deviceTokens = readDeviceTokens(ctx, parts.issuer);
  const outcome = await verifyCodeAttempt(parts.authentication, visitor, {
    first: first.proof,
    kind,
    code: code.slice(0, LONGEST_CODE),
    deviceTokens,
    keep: keepSignIn(step),
  });
  if (outcome.kind === 'refused') return showCode(step, first, kind, { kind: 'wrong_code' });
  if (outcome.kind === 'throttled') return showCode(step, first, kind, outcome);
  if (outcome.kind === 'ended') return showLogin(step, { problem: { kind: 'form_expired' } });
  const { userId, deviceTokens: tokens } = outcome;
  const actor = { ...visitor, type: 'user' as const, id: userId };
  const isWanted = kind === 'totp' && form.trust === 'yes' && (await trustDays(step, userId)) > 0;
  const kept = isWanted ? await trustDevice(parts.authentication, actor, { userId, tokens }) : tokens;
  await finishSignIn(step, { ...outcome, deviceTokens: kept }, form);
}

/** The operator's, or fewer where a policy says so. */
async function trustDays({ ctx, parts, pending }: Step, userId: string): Promise<number> {
  const { trustedDeviceDays: days = 0 } = parts.authentication;
  if (days === 0) return 0;
  const signIn = { userId, clientId: pending.clientId, ipAddress: ctx.ip };
  return Math.min(days, (await parts.rememberDaysFor?.(signIn)) ?? days);
}

const LONGEST_CODE = 64;

export async function showCode(step: Step, first: FoundFirst, kind: Kind, problem?: CodeProblem): Promise<void> {
  const { ctx, parts, pending } = step;
  const path = `/interaction/${pending.uid}`;
  const csrfToken = csrfTokenOf(parts.csrfKey, pending);
  const user = await findUser(parts.authentication.read, first.userId);
  if (!user) return showLogin(step);
  if (problem && 'retryAfterSeconds' in problem) ctx.set('Retry-After', String(problem.retryAfterSeconds));
  answerPage(
    ctx,
    <CodePage
      kind={kind}
      form={{ action: `${path}/${kind === 'totp' ? 'code' : 'recovery-code'}`, csrfToken }}
      client={clientSummary(pending)}
      person={addressee(ctx, user)}
      problem={problem}
      requestId={ctx.state.requestId}
      trustDays={kind === 'totp' ? (await trustDays(step, user.id)) || undefined : undefined}
      mayOfferPasskey={kind === 'totp' && parts.authentication.passkeys !== undefined}
      otherWayUrl={kind === 'totp' ? `${path}/recovery-code` : path}
      lostUrl={kind === 'recovery_code' && parts.factorRecoveryDays > 0 ? `${path}/lost-factor` : undefined}
      isPasskey={first.isToPasskey === true}
      switchAccount={{ action: `${path}/switch`, csrfToken }}
      cancel={{ action: `${path}/cancel`, csrfToken }}
    />,
    problem === undefined ? 200 : 'retryAfterSeconds' in problem ? 429 : 422,
  );
}
