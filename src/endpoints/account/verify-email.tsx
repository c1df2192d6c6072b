import type { Context } from 'koa';
import { ConfirmEmailPage, EmailConfirmedPage } from '../../../views/account/confirm-email.tsx';
import { LinkExpiredPage } from '../../../views/recovery/link-expired.tsx';
import { sitePaths } from '../../../views/site.ts';
import { findLink } from '../../domain/credentials/redeem-link.ts';
import { VERIFY_EMAIL_PATH } from '../../domain/credentials/verify-email-url.ts';
import { redeemVerifyEmailLink, requestEmailVerification } from '../../domain/lifecycle/verify-own-email.ts';
import { findUser } from '../../domain/users/find-user.ts';
import { primaryEmail } from '../../domain/users/user.ts';
import { constantTimeEqual } from '../../kernel/crypto/derive.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { answerPage, seeOther, visitorOf } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { readFormBody } from '../http/read-body.ts';
import { accountCsrfToken, showHome } from './home.tsx';
import type { AccountParts } from './parts.ts';
import { startSignIn } from './sign-in.ts';

/** POST from the account page: a link to the own primary address. */
export async function askForVerification(ctx: Context, parts: AccountParts): Promise<void> {
  const form = await readFormBody(ctx.req);
  const session = await parts.findSession(ctx);
  const user = session && (await findUser(parts.authentication.read, session.accountId));
  if (!session || !user) return startSignIn(ctx, parts);
  if (!constantTimeEqual(form.csrf ?? '', accountCsrfToken(parts.csrfKey, session)))
    return showHome(ctx, parts, session, { refusal: 'form_expired' });
  const email = primaryEmail(user);
  if (!email || email.verified || !parts.isMailAvailable) return seeOther(ctx, sitePaths.account);
  const actor = { ...visitorOf(ctx), type: 'user' as const, id: user.id };
  const outcome = await requestEmailVerification(parts.authentication, actor, { user, address: email.value });
  if (outcome.kind === 'throttled')
    return showHome(ctx, parts, session, {
      refusal: 'verification_throttled',
      retryAfterSeconds: outcome.retryAfterSeconds,
    });
  seeOther(ctx, `${sitePaths.account}?sent=verification`);
}

/** GET and HEAD: says what the link is about, in any browser, and uses nothing up. */
export async function showVerifyEmail(ctx: Context, parts: AccountParts): Promise<void> {
  const token = typeof ctx.query.token === 'string' ? ctx.query.token : '';
  const { read, clock } = parts.authentication;
  const link = await findLink(read, { token, purpose: 'verify_email', now: clock.now() });
  const user = link && (await findUser(read, link.userId));
  const email = user?.emails.find(({ value }) => comparisonKey(value) === link?.addressKey);
  if (!user || !email) return showLinkExpired(ctx);
  answerPage(
    ctx,
    <ConfirmEmailPage
      form={{ action: VERIFY_EMAIL_PATH, fields: [{ name: 'token', value: token }] }}
      person={addressee(ctx, user)}
      address={email.value}
    />,
  );
}

/** POST `token`: uses the link up. */
export async function verifyEmailByLink(ctx: Context, parts: AccountParts): Promise<void> {
  const { token = '' } = await readFormBody(ctx.req);
  const link = await parts.authentication.transact(visitorOf(ctx), (tx) => redeemVerifyEmailLink(tx, token));
  if (link.outcome === 'refused') return showLinkExpired(ctx);
  answerPage(ctx, <EmailConfirmedPage accountUrl={sitePaths.account} />);
}

function showLinkExpired(ctx: Context): void {
  answerPage(ctx, <LinkExpiredPage requestId={ctx.state.requestId} newLinkUrl={sitePaths.account} />, 410);
}
