import type { Context } from 'koa';
import { AccountTakenBackPage, NotMePage } from '../../../views/account/not-me.tsx';
import { LinkExpiredPage } from '../../../views/recovery/link-expired.tsx';
import { sitePaths } from '../../../views/site.ts';
import { findLink } from '../../domain/credentials/redeem-link.ts';
import { redeemNotMeLink } from '../../domain/lifecycle/redeem-not-me-link.ts';
import { findUser } from '../../domain/users/find-user.ts';
import { answerPage, visitorOf } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { readFormBody } from '../http/read-body.ts';
import type { AccountParts } from './parts.ts';

/** GET and HEAD, in any browser: says what would happen, and uses nothing up, so that mail scanners may look at it. */
export async function showNotMe(
  ctx: Context,
  { authentication: { read, clock }, ...parts }: AccountParts,
): Promise<void> {
  const token = typeof ctx.query.token === 'string' ? ctx.query.token : '';
  const link = await findLink(read, { token, purpose: 'not_me', now: clock.now() });
  const user = link && (await findUser(read, link.userId));
  if (!user) return showLinkExpired(ctx, parts);
  const form = { action: sitePaths.notMe, fields: [{ name: 'token', value: token }] };
  answerPage(ctx, <NotMePage person={addressee(ctx, user)} form={form} />);
}

/** POST `token`: everything that is signed in ends, and recovery begins. */
export async function takeBackByLink(ctx: Context, { authentication, ...parts }: AccountParts): Promise<void> {
  const { token = '' } = await readFormBody(ctx.req);
  const link = await authentication.transact(visitorOf(ctx), (tx) => redeemNotMeLink(tx, token));
  if (link.outcome === 'refused') return showLinkExpired(ctx, parts);
  answerPage(ctx, <AccountTakenBackPage />);
}

function showLinkExpired(ctx: Context, { isMailAvailable }: Pick<AccountParts, 'isMailAvailable'>): void {
  const newLinkUrl = isMailAvailable ? sitePaths.forgotPassword : undefined;
  answerPage(ctx, <LinkExpiredPage requestId={ctx.state.requestId} newLinkUrl={newLinkUrl} />, 410);
}
