import type { Context } from 'koa';
import { ActivityPage, type ShownActivity } from '../../../views/account/activity.tsx';
import { sitePaths } from '../../../views/site.ts';
import { type OwnActivity, searchOwnActivity } from '../../domain/audit/own-activity.ts';
import type { User } from '../../domain/users/user.ts';
import { widePrefix } from '../../kernel/network-prefix.ts';
import { answerPage } from '../http/answer-page.ts';
import { browserName } from '../http/browser-name.ts';
import { addressee } from '../http/person-summary.ts';
import { catalogueFor } from '../http/present-pages.ts';
import { momentFor } from './dates.ts';
import type { AccountParts } from './parts.ts';
import { signedInPerson } from './signed-in.ts';

const PAGE = 50;

/** `/account/activity`: what happened to my account, newest first. */
export async function activity(ctx: Context, parts: AccountParts): Promise<void> {
  const person = await signedInPerson(ctx, parts, sitePaths.activity);
  if (!person) return;
  const { user } = person;
  const cursor = typeof ctx.query.cursor === 'string' ? ctx.query.cursor : undefined;
  const { items, nextCursor } = await searchOwnActivity(parts.authentication.read, {
    userId: user.id,
    cursor,
    limit: PAGE,
  });
  answerPage(
    ctx,
    <ActivityPage
      person={addressee(ctx, user)}
      activity={items.map((item) => shown(ctx, user, item))}
      olderUrl={nextCursor && `${sitePaths.activity}?cursor=${nextCursor}`}
      isFirstPage={cursor === undefined}
    />,
  );
}

function shown(
  ctx: Context,
  user: User,
  { id, type, occurredAt, ipAddress, userAgent, names, ...actor }: OwnActivity,
): ShownActivity {
  const by = whoDid(user, actor);
  // Where an administrator sits is not theirs to know.
  const isOwn = by === 'you' || by === 'stranger';
  return {
    id,
    type,
    by,
    when: momentFor(ctx, user, occurredAt),
    browser: isOwn ? browserName(userAgent, catalogueFor(ctx).page('common').browserOn) : undefined,
    network: isOwn && ipAddress !== null ? widePrefix(ipAddress) : undefined,
    names,
  };
}

function whoDid(user: User, { actorType, actorId }: Pick<OwnActivity, 'actorType' | 'actorId'>): ShownActivity['by'] {
  if (actorType === 'user') return actorId === user.id ? 'you' : 'administrator';
  if (actorType === 'client') return 'application';
  return actorType === 'anonymous' ? 'stranger' : 'operator';
}
