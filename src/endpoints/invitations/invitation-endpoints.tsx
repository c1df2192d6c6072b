import type { Context, Middleware } from 'koa';
import { JoinedOrganizationPage, JoinOrganizationPage } from '../../../views/invitation/join-organization.tsx';
import { LinkExpiredPage } from '../../../views/recovery/link-expired.tsx';
import {
  AccountExistsPage,
  AccountReadyPage,
  CompleteSignUpPage,
  type SignUpProblem,
} from '../../../views/sign-up/complete-sign-up.tsx';
import { sitePaths } from '../../../views/site.ts';
import type { AuthenticationParts } from '../../domain/authentication/check-password.ts';
import { checkPasswordRules, LEAST_RULES, type PasswordRules } from '../../domain/credentials/password-rules.ts';
import {
  acceptAsNewcomer,
  acceptInvitation,
  findInvitedAccounts,
  type InvitedAccount,
} from '../../domain/lifecycle/accept-invitation.ts';
import type { Terms } from '../../domain/lifecycle/sign-up.ts';
import { ACCEPT_INVITATION_PATH } from '../../domain/organizations/invitation-url.ts';
import { findOpenInvitation, type OpenInvitation } from '../../domain/organizations/invitations.ts';
import { DomainError } from '../../kernel/errors.ts';
import { answerPage, visitorOf } from '../http/answer-page.ts';
import { readFormBody } from '../http/read-body.ts';
import { refuseMethod } from '../http/refuse-method.tsx';

export type InvitationParts = {
  readonly authentication: AuthenticationParts;
  readonly terms: Terms | undefined;
  readonly signInUrl: string;
};

type Form = Readonly<Record<string, string>>;

/** `/invitations/accept`: by the link in the mail, with an account that has the address, or with a new one. */
export function invitationEndpoints(parts: InvitationParts): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== ACCEPT_INVITATION_PATH) return next();
    ctx.state.route = ctx.path;
    if (ctx.method === 'GET' || ctx.method === 'HEAD') return show(ctx, parts);
    if (ctx.method === 'POST') return accept(ctx, parts);
    refuseMethod(ctx, 'GET, HEAD, POST');
  };
}

type Invited = { readonly invitation: OpenInvitation; readonly accounts: readonly InvitedAccount[] };

async function findBy(
  { authentication: { read, clock } }: InvitationParts,
  token: string,
): Promise<Invited | undefined> {
  const invitation = await findOpenInvitation(read, { token, now: clock.now() });
  return invitation && { invitation, accounts: await findInvitedAccounts(read, invitation.address) };
}

/** Uses nothing up. */
async function show(ctx: Context, parts: InvitationParts): Promise<void> {
  const token = typeof ctx.query.token === 'string' ? ctx.query.token : '';
  const found = await findBy(parts, token);
  if (!found) return showExpired(ctx);
  if (found.accounts.length === 0) return showForm(ctx, parts, { token, invitation: found.invitation });
  showAccounts(ctx, found, token);
}

function showAccounts(ctx: Context, { invitation: { organization }, accounts }: Invited, token: string): void {
  const form = { action: ACCEPT_INVITATION_PATH, fields: [{ name: 'token', value: token }] };
  answerPage(ctx, <JoinOrganizationPage {...{ form, organization, accounts }} />, ctx.method === 'POST' ? 422 : 200);
}

/** POST `token`; of somebody with several accounts also `account`; of somebody new `name`, `new-password`, `new-password-again`, `terms`. */
async function accept(ctx: Context, parts: InvitationParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const { token = '' } = form;
  const found = await findBy(parts, token);
  if (!found) return showExpired(ctx);
  if (found.accounts.length === 0) return acceptNew(ctx, parts, form, found.invitation);
  const [{ id: userId } = { id: '' }, ...others] = found.accounts.filter(({ id }) => id === (form.account ?? id));
  if (userId === '' || others.length > 0) return showAccounts(ctx, found, token);
  const accepted = await parts.authentication.transact(visitorOf(ctx), (tx) => acceptInvitation(tx, { token, userId }));
  if (accepted.outcome === 'refused') return showExpired(ctx);
  const { organization } = accepted.invitation;
  answerPage(ctx, <JoinedOrganizationPage organization={organization} accountUrl={sitePaths.account} />);
}

async function acceptNew(ctx: Context, parts: InvitationParts, form: Form, invitation: OpenInvitation): Promise<void> {
  const { token = '', name = '', 'new-password': password = '' } = form;
  const { authentication, terms, signInUrl } = parts;
  const { address } = invitation;
  const problem = problemOf(form, address, { terms, rules: await newcomerRules(parts, invitation) });
  if (problem) return showForm(ctx, parts, { token, invitation, name, problem });
  const hash = await authentication.hashing.hashPassword(password);
  const newcomer = { token, displayName: name.trim(), hash, terms };
  try {
    const accepted = await authentication.transact(visitorOf(ctx), (tx) => acceptAsNewcomer(tx, newcomer));
    if (accepted.outcome === 'refused') return showExpired(ctx);
    answerPage(ctx, <AccountReadyPage signInUrl={signInUrl} />);
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
    const page = { address, signInUrl, forgotPasswordUrl: sitePaths.forgotPassword };
    answerPage(ctx, <AccountExistsPage {...page} />, 409);
  }
}

const newcomerRules = async (
  { authentication }: InvitationParts,
  { organizationId }: OpenInvitation,
): Promise<PasswordRules> => (await authentication.passwordRulesFor?.({ organizationId })) ?? LEAST_RULES;

type Asked = { readonly terms: Terms | undefined; readonly rules: PasswordRules };

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

type FormState = { token: string; invitation: OpenInvitation; name?: string; problem?: SignUpProblem };

async function showForm(
  ctx: Context,
  parts: InvitationParts,
  { token, invitation, name, problem }: FormState,
): Promise<void> {
  const { minimumLength } = await newcomerRules(parts, invitation);
  answerPage(
    ctx,
    <CompleteSignUpPage
      form={{ action: ACCEPT_INVITATION_PATH, fields: [{ name: 'token', value: token }] }}
      address={invitation.address}
      name={name}
      minimumLength={minimumLength}
      termsUrl={parts.terms?.url}
      problem={problem}
    />,
    problem ? 422 : 200,
  );
}

const showExpired = (ctx: Context): void =>
  answerPage(ctx, <LinkExpiredPage requestId={ctx.state.requestId} newLinkUrl={undefined} />, 410);
