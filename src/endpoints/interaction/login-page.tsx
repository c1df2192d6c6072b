import { LoginPage, type LoginPageProps, type LoginProblem } from '../../../views/login/login.tsx';
import { sitePaths } from '../../../views/site.ts';
import { WORK_BITS } from '../../domain/authentication/proof-of-work.ts';
import { SIGN_UP_PATH } from '../../domain/credentials/sign-up-links.ts';
import { answerPage } from '../http/answer-page.ts';
import { onTheWayTo } from '../http/client-on-the-way.ts';
import { csrfTokenOf } from './csrf.ts';
import { findFirstOfRecovery } from './first-factor.ts';
import type { Step } from './parts.ts';
import { passkeyPrompt } from './passkey-prompt.ts';
import { rememberReturn } from './return-cookie.ts';
import { clientSummary, signedInPerson } from './summaries.ts';

export type LoginPageState = {
  readonly userName?: string;
  readonly problem?: LoginProblem;
  readonly notice?: LoginPageProps['notice'];
  /** A sum that stands in for the wait. */
  readonly work?: string | undefined;
  /** "Not you?" was pressed: nobody is assumed any more. */
  readonly isSwitching?: boolean;
  /** A passkey that nobody has: the browser may forget it. */
  readonly unknownCredentialId?: string | undefined;
};

const LONGEST_USER_NAME = 320;

export async function showLogin(step: Step, state: LoginPageState = {}): Promise<void> {
  const { ctx, parts, pending } = step;
  const path = `/interaction/${pending.uid}`;
  const csrfToken = csrfTokenOf(parts.csrfKey, pending);
  const person = state.isSwitching ? undefined : await signedInPerson(step);
  const mayRecover = person !== undefined && (await findFirstOfRecovery(step)) !== undefined;
  rememberReturn(ctx, parts, pending.uid, { clientId: pending.clientId, state: 'open' });
  if (state.problem && 'retryAfterSeconds' in state.problem) {
    ctx.set('Retry-After', String(state.problem.retryAfterSeconds));
  }
  answerPage(
    ctx,
    <LoginPage
      form={{
        action: `${path}/login`,
        csrfToken,
        ...(state.isSwitching ? { fields: [{ name: 'switch', value: 'yes' }] } : {}),
      }}
      client={clientSummary(pending)}
      userName={(state.userName ?? (person ? undefined : loginHint(step)))?.slice(0, LONGEST_USER_NAME)}
      problem={state.problem}
      notice={state.notice}
      work={state.work === undefined ? undefined : { challenge: state.work, bits: WORK_BITS }}
      requestId={ctx.state.requestId}
      passkey={passkeyPrompt(step, state.unknownCredentialId)}
      cancel={{ action: `${path}/cancel`, csrfToken }}
      emailUrl={parts.authentication.emailSignIn && `${path}/email`}
      forgotPasswordUrl={onTheWayTo(pending.clientId, sitePaths.forgotPassword)}
      recoveryCodeUrl={mayRecover ? `${path}/recovery-code` : undefined}
      lostUrl={mayRecover && parts.factorRecoveryDays > 0 ? `${path}/lost-factor` : undefined}
      signUpUrl={parts.signUp && onTheWayTo(pending.clientId, SIGN_UP_PATH)}
      reauthentication={person && { person, switchAccount: { action: `${path}/switch`, csrfToken } }}
    />,
    statusOf(state.problem),
  );
}

/** OpenID Connect Core §3.1.2.1: a hint, so it fills a field and decides nothing. */
function loginHint({ pending }: Step): string | undefined {
  const hint = pending.params.login_hint;
  return typeof hint === 'string' ? hint : undefined;
}

function statusOf(problem: LoginProblem | undefined): number {
  if (!problem) return 200;
  return 'retryAfterSeconds' in problem ? 429 : 422;
}
