import type { Context } from 'koa';
import type { VNode } from 'preact';
import { renderPage } from '../../../views/render.ts';
import type { Actor } from '../../kernel/actor.ts';
import { lookOf } from './present-pages.ts';

/** A page made for this person at this moment: nobody keeps a copy (DESIGN §8 "Pages"). */
export function answerPage(ctx: Context, page: VNode, status = 200): void {
  ctx.status = status;
  ctx.type = 'html';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = renderPage(page, lookOf(ctx));
}

/** RFC 9110 §15.4.4: after a POST the browser goes on with GET, and going back does not send the form again. */
export function seeOther(ctx: Context, url: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.status = 303;
  ctx.redirect(url);
}

/** Who asks, as far as it is known before they have signed in. */
export function visitorOf(ctx: Context, clientId?: string): Actor {
  const userAgent = ctx.get('User-Agent');
  return {
    type: 'anonymous',
    id: 'anonymous',
    requestId: ctx.state.requestId,
    ipAddress: ctx.ip,
    ...(userAgent === '' ? {} : { userAgent }),
    ...(clientId === undefined ? {} : { clientId }),
  };
}
