import type { Context, Middleware } from 'koa';
import { BodyRefused, readTextBody } from '../http/read-body.ts';

/** Beyond this a URL may not survive the way through browsers and proxies; RFC 9126 has no such limit. */
const LONGEST_QUERY = 16_000;

/** What has to be said where a request is too long to go on by GET. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['/authorize', 'push requests of this size to /par first (RFC 9126)'],
  ['/logout', 'expected a shorter request: an id_token_hint with fewer claims, or client_id alone'],
]);

/**
 * OpenID Connect Core §3.1.2.1 and RP-Initiated Logout 1.0 §2: these requests may come by POST. They are sent on to the same
 * request by GET: the browser brings its `SameSite=Lax` session to that navigation, which it does not to a cross-site POST
 * (docs/adr/0002).
 */
export function postGoesOnByGet({ issuer }: { issuer: string }): Middleware {
  return (ctx, next) => {
    const instead = ctx.method === 'POST' ? INSTEAD.get(ctx.path) : undefined;
    return instead === undefined ? next() : goOn(ctx, instead);
  };

  async function goOn(ctx: Context, instead: string): Promise<void> {
    if (!ctx.is('application/x-www-form-urlencoded')) {
      throw new BodyRefused(415, 'request.media_type_unsupported', 'expected application/x-www-form-urlencoded');
    }
    const query = new URLSearchParams(await readTextBody(ctx.req)).toString();
    if (query.length > LONGEST_QUERY) throw new BodyRefused(413, 'request.too_large', instead);
    ctx.set('Cache-Control', 'no-store');
    ctx.redirect(`${issuer}${ctx.path}?${query}`);
    ctx.status = 303;
  }
}
