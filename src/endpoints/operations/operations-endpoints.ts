import type { Middleware } from 'koa';

export type HealthCheck = { readonly name: string; readonly check: () => Promise<string | undefined> };

export type OperationsParts = {
  /** Each answers undefined when well, else one sentence that holds no secret. */
  readonly checks: readonly HealthCheck[];
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** True once shutting down has begun: load balancers should look elsewhere. */
  readonly isDraining: () => boolean;
};

const CHECK_WITHIN_MS = 2_000;

/** `/health/live`, `/health/ready` and `/metrics`. Liveness asks nothing outside the process: a database outage is no reason to restart. */
export function operationsEndpoints({ checks, metrics, isDraining }: OperationsParts): Middleware {
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
        const { contentType, text } = await metrics();
        ctx.set('Cache-Control', 'no-store');
        ctx.set('Content-Type', contentType);
        ctx.body = text;
        return;
      }
      default:
        return next();
    }
  };
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
