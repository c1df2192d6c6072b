import type { Context, Middleware } from 'koa';
import { LinkExpiredPage } from '../../../views/recovery/link-expired.tsx';
import {
  AccountExistsPage,
  AccountReadyPage,
  CompleteSignUpPage,
  type SignUpProblem,
} from '../../../views/sign-up/complete-sign-up.tsx';
import { SignUpPage, SignUpSentPage } from '../../../views/sign-up/sign-up.tsx';
import { sitePaths } from '../../../views/site.ts';
import type { AuthenticationParts } from '../../domain/authentication/check-password.ts';
import { checkPasswordRules, LEAST_RULES, type PasswordRules } from '../../domain/credentials/password-rules.ts';
import { COMPLETE_SIGN_UP_PATH, findSignUpLink, SIGN_UP_PATH } from '../../domain/credentials/sign-up-links.ts';
import { completeSignUp, requestSignUp, type SignUpPolicy } from '../../domain/lifecycle/sign-up.ts';
import { DomainError } from '../../kernel/errors.ts';
import { networkPrefix } from '../../kernel/network-prefix.ts';
import { answerPage, seeOther, visitorOf } from '../http/answer-page.ts';
import { clientOnTheWay, withClient } from '../http/client-on-the-way.ts';
import { languageOf } from '../http/present-pages.ts';
import { readFormBody } from '../http/read-body.ts';
import { refuseMethod } from '../http/refuse-method.tsx';
import { signUpReturn } from '../http/sign-up-return.ts';

export type SignUpParts = {
  readonly authentication: AuthenticationParts;
  readonly policy: SignUpPolicy;
  readonly signInUrl: string;
};

const SENT_PATH = `${SIGN_UP_PATH}/sent`;
type Form = Readonly<Record<string, string>>;
type Handler = (ctx: Context, parts: SignUpParts) => Promise<void> | void;

/** `/sign-up`: accounts people make themselves. Mounted only where the operator lets them. */
export function signUpEndpoints(parts: SignUpParts): Middleware {
  const isPublic = parts.policy.registration !== 'invitation';
  const pages = new Map<string, { readonly get: Handler; readonly post?: Handler }>([
    [COMPLETE_SIGN_UP_PATH, { get: showComplete, post: complete }],
    ...(isPublic
      ? ([
          [SIGN_UP_PATH, { get: (ctx: Context) => show(ctx, parts), post: ask }],
          [SENT_PATH, { get: showSent }],
        ] as const)
      : []),
  ]);
  return async (ctx, next) => {
    const page = pages.get(ctx.path);
    if (!page) return next();
    ctx.state.route = ctx.path;
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
    const handler = ctx.method === 'POST' ? page.post : isRead ? page.get : undefined;
    if (!handler) return refuseMethod(ctx, page.post ? 'GET, HEAD, POST' : 'GET, HEAD');
    await handler(ctx, parts);
  };
}

/** POST `email`. */
async function ask(ctx: Context, parts: SignUpParts): Promise<void> {
  const { email: address = '' } = await readFormBody(ctx.req);
  const { authentication, policy } = parts;
  const clientId = clientOnTheWay(ctx);
  const prefix = networkPrefix(ctx.ip);
  const outcome = await requestSignUp(authentication, visitorOf(ctx), {
    address,
    networkPrefix: prefix,
    policy,
    language: languageOf(ctx),
    clientId,
  });
  if (outcome.kind === 'taken') return seeOther(ctx, withClient(SENT_PATH, clientId));
  if (outcome.kind === 'throttled') ctx.set('Retry-After', String(outcome.retryAfterSeconds));
  const wait = outcome.kind === 'throttled' ? outcome.retryAfterSeconds : undefined;
  show(ctx, parts, { address, problem: outcome.kind, retryAfterSeconds: wait });
}

type State = {
  readonly address?: string;
  readonly problem?: 'address_invalid' | 'domain_refused' | 'throttled';
  readonly retryAfterSeconds?: number | undefined;
};

function show(
  ctx: Context,
  { policy, signInUrl }: SignUpParts,
  { address, problem, retryAfterSeconds }: State = {},
): void {
  answerPage(
    ctx,
    <SignUpPage
      form={{ action: withClient(SIGN_UP_PATH, clientOnTheWay(ctx)) }}
      domains={policy.registration === 'domains' ? policy.registrationDomains : []}
      address={address?.slice(0, 320)}
      problem={problem}
      retryAfterSeconds={retryAfterSeconds}
      signIn={signInUrl}
    />,
    problem === undefined ? 200 : problem === 'throttled' ? 429 : 422,
  );
}

function showSent(ctx: Context, { signInUrl }: SignUpParts): void {
  answerPage(ctx, <SignUpSentPage signInUrl={signInUrl} againUrl={withClient(SIGN_UP_PATH, clientOnTheWay(ctx))} />);
}

/** GET and HEAD: uses nothing up. */
async function showComplete(ctx: Context, parts: SignUpParts): Promise<void> {
  const token = typeof ctx.query.token === 'string' ? ctx.query.token : '';
  const link = await linkOf(parts, token);
  if (!link) return showExpired(ctx, parts);
  return showForm(ctx, parts, { token, address: link.address });
}

const linkOf = ({ authentication: { read, clock } }: SignUpParts, token: string) =>
  findSignUpLink(read, { token, now: clock.now() });

/** POST `token`, `name`, `new-password`, `new-password-again`, `terms`. */
async function complete(ctx: Context, parts: SignUpParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const { token = '', name = '', 'new-password': password = '' } = form;
  const { authentication, policy, signInUrl } = parts;
  const link = await linkOf(parts, token);
  const rules = await newcomerRules(parts);
  const problem = link && problemOf(form, link.address, { ...policy, rules });
  if (link && problem) return showForm(ctx, parts, { token, address: link.address, name, problem });
  // Nothing is hashed for a link that is none; the refusal is recorded all the same.
  const hash = link ? await authentication.hashing.hashPassword(password) : '';
  const completion = { token, displayName: name.trim(), hash, terms: policy.terms, language: languageOf(ctx) };
  try {
    const user = await authentication.transact(visitorOf(ctx), (tx) => completeSignUp(tx, completion));
    if (!user) return showExpired(ctx, parts);
    answerPage(ctx, <AccountReadyPage signInUrl={signUpReturn(ctx) ?? signInUrl} />);
  } catch (error) {
    if (!link || !(error instanceof DomainError) || error.code !== 'users.user_name_taken') throw error;
    const { address } = link;
    const page = { address, signInUrl: signUpReturn(ctx) ?? signInUrl, forgotPasswordUrl: sitePaths.forgotPassword };
    answerPage(ctx, <AccountExistsPage {...page} />, 409);
  }
}

const newcomerRules = async ({ authentication }: SignUpParts): Promise<PasswordRules> =>
  (await authentication.passwordRulesFor?.({})) ?? LEAST_RULES;

type Asked = Pick<SignUpPolicy, 'terms'> & { readonly rules: PasswordRules };

function problemOf(form: Form, address: string, { terms, rules }: Asked): SignUpProblem | undefined {
  const { name = '', 'new-password': next = '', 'new-password-again': again } = form;
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > 256 || /\p{Cc}/u.test(trimmed)) return 'name_missing';
  if (next === '') return 'new_missing';
  const outcome = checkPasswordRules(next, { userName: address, emails: [address] }, rules);
  if (!outcome.ok) return outcome.code;
  if (again !== undefined && again !== next) return 'not_repeated';
  return terms && form.terms !== 'accepted' ? 'terms_missing' : undefined;
}

type FormState = { token: string; address: string; name?: string; problem?: SignUpProblem };

async function showForm(ctx: Context, parts: SignUpParts, { token, address, name, problem }: FormState): Promise<void> {
  const { minimumLength } = await newcomerRules(parts);
  answerPage(
    ctx,
    <CompleteSignUpPage
      form={{ action: COMPLETE_SIGN_UP_PATH, fields: [{ name: 'token', value: token }] }}
      address={address}
      name={name}
      minimumLength={minimumLength}
      termsUrl={parts.policy.terms?.url}
      problem={problem}
    />,
    problem ? 422 : 200,
  );
}

function showExpired(ctx: Context, { policy }: SignUpParts): void {
  const newLinkUrl = policy.registration === 'invitation' ? undefined : SIGN_UP_PATH;
  answerPage(ctx, <LinkExpiredPage requestId={ctx.state.requestId} newLinkUrl={newLinkUrl} />, 410);
}
