import type { Context, Middleware, Next } from 'koa';
import type { Throttle } from '../../domain/authentication/throttle.ts';
import { limited } from '../../kernel/errors.ts';
import { networkPrefix } from '../../kernel/network-prefix.ts';

/** RFC 8628 §5.1: a user code is short, so who tries one after the other is slowed. A code that is there costs nothing. */
export function guardUserCodes({ throttle }: { readonly throttle: Throttle }): Middleware {
  return (ctx, next) => (ctx.method === 'POST' && ctx.path === '/device' ? guard(ctx, next) : next());

  async function guard(ctx: Context, next: Next): Promise<void> {
    const attempt = await throttle.reserve([{ scope: 'userCode', value: networkPrefix(ctx.ip) }]);
    if (attempt.kind === 'throttled') {
      const { retryAfterSeconds } = attempt;
      throw limited('devices.too_many_codes', {
        detail: 'Too many codes were entered. Wait a moment and try again.',
        retryAfterSeconds,
      });
    }
    await next();
    if (hasFoundOne(ctx)) await throttle.refund(attempt.keys);
  }
}

type MaybeOidc = Context & { readonly oidc?: { readonly entities?: { readonly DeviceCode?: object } } };

const hasFoundOne = (ctx: MaybeOidc): boolean => ctx.oidc?.entities?.DeviceCode !== undefined;
