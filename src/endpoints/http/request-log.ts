import type { Context, Middleware } from 'koa';
import { newRequestId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';

export type RequestObservation = {
  readonly method: string;
  /** The route's pattern, never the raw path: paths hold ids and one-time tokens. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
};

export type RequestLogParts = {
  readonly logger: Logger;
  readonly observe: (observation: RequestObservation) => void;
};

/** Gives every request its id, observes it for metrics and logs it once, without query, body or headers. */
export function requestLog(parts: RequestLogParts): Middleware {
  return async (ctx, next) => {
    const startedAt = process.hrtime.bigint();
    const requestId = newRequestId();
    ctx.state.requestId = requestId;
    ctx.set('X-Request-Id', requestId);
    try {
      await next();
    } finally {
      const seconds = secondsSince(startedAt);
      recordRequest(parts, requestId, { method: ctx.method, route: routeOf(ctx), status: ctx.status, seconds });
    }
  };
}

export const secondsSince = (startedAt: bigint): number => Number(process.hrtime.bigint() - startedAt) / 1e9;

export function recordRequest({ logger, observe }: RequestLogParts, requestId: string, seen: RequestObservation): void {
  observe(seen);
  if (!logger.isLevelEnabled('info')) return;
  const { method, route, status, seconds } = seen;
  logger.info({ requestId, method, route, status, ms: Math.round(seconds * 1e4) / 10 }, 'request');
}

const FIXED_ROUTES = new Set([
  '/',
  '/authorize',
  '/token',
  '/userinfo',
  '/jwks',
  '/introspect',
  '/revoke',
  '/par',
  '/device',
  '/device/auth',
  '/logout',
  '/logout/confirm',
  '/register',
  '/account',
  '/metrics',
  '/health/live',
  '/health/ready',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
]);

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^\/interaction\/[^/]+(\/\w+)?$/, '/interaction/:uid'],
  [/^\/authorize\/[^/]+$/, '/authorize/:uid'],
  [/^\/register\/[^/]+$/, '/register/:clientId'],
  [/^\/assets\//, '/assets/*'],
  [/^\/account\//, '/account/*'],
  [/^\/dev\//, '/dev/*'],
];

function routeOf(ctx: Context): string {
  if (typeof ctx.state.route === 'string') return ctx.state.route;
  if (FIXED_ROUTES.has(ctx.path)) return ctx.path;
  return PATTERNS.find(([pattern]) => pattern.test(ctx.path))?.[1] ?? 'other';
}
