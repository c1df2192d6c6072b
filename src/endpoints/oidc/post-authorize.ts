import type { Middleware } from 'koa';
import { BodyRefused, readTextBody } from '../http/read-body.ts';

/** Beyond this a URL may not survive the way through browsers and proxies; RFC 9126 has no such limit. */
const LONGEST_QUERY = 16_000;

/**
 * OpenID Connect Core §3.1.2.1: an authorization request may come by POST. It is sent on to the same request by GET: the browser
 * brings its `SameSite=Lax` session to that navigation, which it does not to a cross-site POST (docs/adr/0002).
 */
export function postAuthorize({ issuer }: { issuer: string }): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'POST' || ctx.path !== '/authorize') return next();
    if (!ctx.is('application/x-www-form-urlencoded')) {
      throw new BodyRefused(415, 'request.media_type_unsupported', 'expected application/x-www-form-urlencoded');
    }
    const query = new URLSearchParams(await readTextBody(ctx.req)).toString();
    if (query.length > LONGEST_QUERY) {
      throw new BodyRefused(413, 'request.too_large', 'push requests of this size to /par first (RFC 9126)');
    }
    ctx.set('Cache-Control', 'no-store');
    ctx.redirect(`${issuer}/authorize?${query}`);
    ctx.status = 303;
  };
}
