import type { Middleware } from 'koa';
import { refuseMethod } from '../http/refuse-method.tsx';

const PATH = '/.well-known/webauthn';

/** WebAuthn §5.11.1: which other origins may use the passkeys of this domain. Without any there is no such page. */
export function relatedOriginsEndpoint({ origins }: { readonly origins: readonly string[] }): Middleware {
  const body = JSON.stringify({ origins });
  return async (ctx, next) => {
    if (ctx.path !== PATH || origins.length === 0) return next();
    ctx.state.route = PATH;
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return refuseMethod(ctx, 'GET, HEAD');
    ctx.type = 'json';
    ctx.set('Cache-Control', 'public, max-age=3600');
    ctx.body = body;
  };
}
