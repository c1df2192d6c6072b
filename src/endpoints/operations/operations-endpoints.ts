import type { Context, Middleware } from 'koa';
import { constantTimeEqual } from '../../kernel/crypto/derive.ts';
import { forbidden, unauthenticated } from '../../kernel/errors.ts';
import { parseAuthorization } from '../http/bearer.ts';
import { isFromThisMachine } from '../http/client-address.ts';

export type HealthCheck = { readonly name: string; readonly check: () => Promise<string | undefined> };

/** Who may read metrics: whoever has the token; without one, this machine in production, and in development anyone who gets here. */
export type MetricsAccess = { readonly mode: 'development' | 'production'; readonly metricsToken: string | undefined };

export type OperationsParts = {
  /** Each answers undefined when well, else one sentence that holds no secret. */
  readonly checks: readonly HealthCheck[];
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly metricsAccess: MetricsAccess;
  /** True once shutting down has begun: load balancers should look elsewhere. */
  readonly isDraining: () => boolean;
};

const CHECK_WITHIN_MS = 2_000;

/** `/health/live`, `/health/ready` and `/metrics`. Liveness asks nothing outside the process: a database outage is no reason to restart. */
export function operationsEndpoints({ checks, metrics, metricsAccess, isDraining }: OperationsParts): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    switch (ctx.path) {
      case '/health/live':
        ctx.set('Cache-Control', 'no-store');
        ctx.body = { status: 'ok' };
        return;
      case '/health/ready': {
        const answers = await Promise.all(checks.map(runCheck));
        if (isDraining()) answers.push({ name: 'draining', status: 'failed', detail: 'the server is shutting down' });
        const isReady = answers.every((answer) => answer.status === 'ok');
        ctx.set('Cache-Control', 'no-store');
        ctx.status = isReady ? 200 : 503;
        ctx.body = { status: isReady ? 'ok' : 'failed', checks: answers };
        return;
      }
      case '/metrics': {
        assertMayRead(ctx, metricsAccess);
        const { contentType, text } = await metrics();
        ctx.set('Content-Type', contentType);
        ctx.body = text;
        return;
      }
      default:
        return next();
    }
  };
}

/** RFC 6750 §3.1: 401 where a token would open it, 403 where nothing can. */
function assertMayRead(ctx: Context, { mode, metricsToken }: MetricsAccess): void {
  ctx.set('Cache-Control', 'no-store');
  if (metricsToken !== undefined) {
    const shown = parseAuthorization(ctx.get('authorization'));
    if (shown?.scheme === 'Bearer' && constantTimeEqual(shown.token, metricsToken)) return;
    ctx.set('WWW-Authenticate', `Bearer realm="metrics"${shown === undefined ? '' : ', error="invalid_token"'}`);
    throw unauthenticated('metrics.token_needed', {
      detail: 'Send DOORWARD_METRICS_TOKEN as "Authorization: Bearer …".',
    });
  }
  if (mode === 'development' || isFromThisMachine(ctx.req)) return;
  throw forbidden('metrics.this_machine_only', {
    detail: 'Without DOORWARD_METRICS_TOKEN metrics are for programs on the same machine.',
  });
}

async function runCheck({
  name,
  check,
}: HealthCheck): Promise<{ name: string; status: 'ok' | 'failed'; detail?: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_WITHIN_MS} ms`), CHECK_WITHIN_MS);
  });
  const problem = await Promise.race([check().catch(() => 'the check failed'), late]);
  clearTimeout(timer);
  return problem === undefined ? { name, status: 'ok' } : { name, status: 'failed', detail: problem };
}
