import type { Context } from 'koa';
import { FactorRecoveryEndedPage, FactorRecoveryPage } from '../../../views/account/factor-recovery.tsx';
import { LinkExpiredPage } from '../../../views/recovery/link-expired.tsx';
import { sitePaths } from '../../../views/site.ts';
import { findFactorRecovery, stopFactorRecoveries } from '../../domain/credentials/factor-recoveries.ts';
import { findLink, type LinkPurpose } from '../../domain/credentials/redeem-link.ts';
import { finishFactorRecovery, stopFactorRecoveryByLink } from '../../domain/lifecycle/recover-second-factor.ts';
import { findUser } from '../../domain/users/find-user.ts';
import { answerPage, seeOther, visitorOf } from '../http/answer-page.ts';
import { addressee } from '../http/person-summary.ts';
import { readFormBody } from '../http/read-body.ts';
import type { AccountParts } from './parts.ts';
import { actorOf, postedForm } from './signed-in.ts';

const purposes = ['stop_factor_recovery', 'finish_factor_recovery'] as const satisfies readonly LinkPurpose[];

/** GET and HEAD, in any browser: says what the link can do, and uses nothing up. */
export async function showFactorRecovery(ctx: Context, parts: AccountParts): Promise<void> {
  const token = typeof ctx.query.token === 'string' ? ctx.query.token : '';
  const { read, clock } = parts.authentication;
  const found = await purposeOf(parts, token);
  const user = found && (await findUser(read, found.userId));
  const recovery = found && (await findFactorRecovery(read, { userId: found.userId, now: clock.now() }));
  if (!user || !recovery) return showLinkExpired(ctx);
  answerPage(
    ctx,
    <FactorRecoveryPage
      person={addressee(ctx, user)}
      form={{ action: sitePaths.factorRecovery, fields: [{ name: 'token', value: token }] }}
      canFinish={found.purpose === 'finish_factor_recovery'}
    />,
  );
}

/** POST `token`, `decision`: `stop`, or `remove` with the link that came when the waiting was over. */
export async function answerFactorRecovery(ctx: Context, parts: AccountParts): Promise<void> {
  const { token = '', decision } = await readFormBody(ctx.req);
  const { transact } = parts.authentication;
  const isFinish = decision === 'remove';
  const days = parts.policy.factorRecoveryDays;
  const purpose = (await purposeOf(parts, token))?.purpose ?? 'stop_factor_recovery';
  const link = await transact(visitorOf(ctx), (tx) =>
    isFinish ? finishFactorRecovery(tx, { token, days }) : stopFactorRecoveryByLink(tx, { token, purpose }),
  );
  if (link.outcome === 'refused') return showLinkExpired(ctx);
  answerPage(ctx, <FactorRecoveryEndedPage outcome={isFinish ? 'finished' : 'stopped'} />);
}

/** POST from the account page: whoever is signed in objects. */
export async function stopFactorRecoveryHere(ctx: Context, parts: AccountParts): Promise<void> {
  const posted = await postedForm(ctx, parts, sitePaths.account);
  if (!posted) return;
  const { person, isOurs } = posted;
  if (isOurs)
    await parts.authentication.transact(actorOf(ctx, person.user), (tx) =>
      stopFactorRecoveries(tx, { userIds: [person.user.id], by: 'session' }),
    );
  seeOther(ctx, sitePaths.account);
}

async function purposeOf(
  { authentication: { read, clock } }: AccountParts,
  token: string,
): Promise<{ readonly purpose: (typeof purposes)[number]; readonly userId: string } | undefined> {
  for (const purpose of purposes) {
    const link = await findLink(read, { token, purpose, now: clock.now() });
    if (link) return { purpose, userId: link.userId };
  }
  return undefined;
}

function showLinkExpired(ctx: Context): void {
  answerPage(ctx, <LinkExpiredPage requestId={ctx.state.requestId} />, 410);
}
