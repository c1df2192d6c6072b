import type { Context, Middleware } from 'koa';
import { AskAdministratorPage } from '../../../views/recovery/ask-administrator.tsx';
import { ForgotPasswordPage, RecoverySentPage } from '../../../views/recovery/forgot-password.tsx';
import { sitePaths } from '../../../views/site.ts';
import type { AuthenticationParts } from '../../domain/authentication/check-password.ts';
import { requestRecovery } from '../../domain/lifecycle/request-recovery.ts';
import { networkPrefix } from '../../kernel/network-prefix.ts';
import { answerPage, seeOther, visitorOf } from '../http/answer-page.ts';
import { clientOnTheWay, withClient } from '../http/client-on-the-way.ts';
import { readFormBody } from '../http/read-body.ts';
import { refuseMethod } from '../http/refuse-method.tsx';

export type RecoveryParts = {
  readonly authentication: AuthenticationParts;
  /** False where no mail can be sent: the page then says whom to ask. */
  readonly isMailAvailable: boolean;
  readonly signInUrl: string;
};

const SENT_PATH = `${sitePaths.forgotPassword}/sent`;
const LONGEST_USER_NAME = 320;

/** `/recover`: a forgotten password. Whoever asks, and for whom, gets the same answer. */
export function recoveryEndpoints(parts: RecoveryParts): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== sitePaths.forgotPassword && ctx.path !== SENT_PATH) return next();
    ctx.state.route = ctx.path;
    const clientId = clientOnTheWay(ctx);
    const takesPost = parts.isMailAvailable && ctx.path === sitePaths.forgotPassword;
    if (takesPost && ctx.method === 'POST') return ask(ctx, parts, clientId);
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD')
      return refuseMethod(ctx, takesPost ? 'GET, HEAD, POST' : 'GET, HEAD');
    if (!parts.isMailAvailable) return answerPage(ctx, <AskAdministratorPage />);
    if (ctx.path === SENT_PATH) return answerPage(ctx, <RecoverySentPage signInUrl={parts.signInUrl} />);
    show(ctx, parts, { clientId });
  };
}

/** POST `username`. */
async function ask(ctx: Context, parts: RecoveryParts, clientId: string | undefined): Promise<void> {
  const { username: userName = '' } = await readFormBody(ctx.req);
  if (userName.trim() === '') return show(ctx, parts, { clientId, problem: 'user_name_missing' });
  const outcome = await requestRecovery(parts.authentication, visitorOf(ctx), {
    userName,
    networkPrefix: networkPrefix(ctx.ip),
    clientId,
  });
  if (outcome.kind === 'taken') return seeOther(ctx, withClient(SENT_PATH, clientId));
  show(ctx, parts, { clientId, userName, problem: 'throttled', retryAfterSeconds: outcome.retryAfterSeconds });
}

type State = {
  readonly clientId: string | undefined;
  readonly userName?: string;
  readonly problem?: 'user_name_missing' | 'throttled';
  readonly retryAfterSeconds?: number;
};

function show(
  ctx: Context,
  { signInUrl }: RecoveryParts,
  { clientId, userName, problem, retryAfterSeconds }: State,
): void {
  if (retryAfterSeconds !== undefined) ctx.set('Retry-After', String(retryAfterSeconds));
  answerPage(
    ctx,
    <ForgotPasswordPage
      form={{ action: withClient(sitePaths.forgotPassword, clientId) }}
      userName={userName?.slice(0, LONGEST_USER_NAME)}
      problem={problem}
      retryAfterSeconds={retryAfterSeconds}
      signInUrl={signInUrl}
    />,
    problem === undefined ? 200 : problem === 'throttled' ? 429 : 422,
  );
}
