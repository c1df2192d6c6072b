import type { Context, Middleware } from 'koa';
import { newRequestId } from '../../kernel/ids.ts';
import { infoLines, type Logger } from '../../kernel/logger.ts';
import type { RequestDurations, RequestSeries } from '../../kernel/request-durations.ts';

export type RequestObservation = {
  /** Made by us: nothing in it needs escaping. */
  readonly requestId: string;
  readonly method: string;
  /** The route's pattern, never the raw path: paths hold ids and one-time tokens. */
  readonly route: string;
  readonly status: number;
  /** From `performance.now()`. */
  readonly startedAt: number;
};

/** Counts an answer and logs it once. */
export type RequestRecorder = (seen: RequestObservation) => void;

type Kind = { readonly series: RequestSeries; readonly line: string };

/**
 * Routes, methods and status codes are few: what the metrics and the log say of each combination is made once. A line
 * costs every request the same, so it is put together here and handed to the logger's stream as the logger would.
 */
export function createRequestRecorder({
  logger,
  requests,
}: {
  logger: Logger;
  requests: RequestDurations;
}): RequestRecorder {
  const writeLine = infoLines(logger);
  const kinds = new Map<string, Map<string, Map<number, Kind>>>();
  const kindOf = (route: string, method: string, status: number): Kind => {
    const ofRoute = entry(kinds, route, () => new Map<string, Map<number, Kind>>());
    const ofMethod = entry(ofRoute, method, () => new Map<number, Kind>());
    return entry(ofMethod, status, () => ({
      series: requests.series({
        route,
        method: KNOWN_METHODS.has(method) ? method : 'other',
        status: `${Math.floor(status / 100)}xx`,
      }),
      line: `,${JSON.stringify({ method, route, status }).slice(1, -1)},"ms":`,
    }));
  };
  return ({ requestId, method, route, status, startedAt }) => {
    const ms = performance.now() - startedAt;
    const { series, line } = kindOf(route, method, status);
    series.observe(ms / 1000);
    writeLine(`"requestId":"${requestId}"${line}${Math.round(ms * 10) / 10},"msg":"request"`);
  };
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

const KNOWN_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Gives every request its id, observes it for metrics and logs it once, without query, body or headers. */
export function requestLog(record: RequestRecorder): Middleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    const requestId = newRequestId();
    ctx.state.requestId = requestId;
    ctx.set('X-Request-Id', requestId);
    try {
      await next();
    } finally {
      record({ requestId, method: ctx.method, route: routeOf(ctx), status: ctx.status, startedAt });
    }
  };
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
