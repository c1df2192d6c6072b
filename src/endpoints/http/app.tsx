import Koa, { type Context, type Middleware } from 'koa';
import { ErrorPage } from '../../../views/error.tsx';
import type { Logger } from '../../kernel/logger.ts';
import { answerPage } from './answer-page.ts';
import { type PresentationParts, presentPages } from './present-pages.ts';
import { toProblem } from './problem.ts';
import { type RequestRecorder, requestLog } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';

export type HttpAppParts = {
  readonly issuer: string;
  readonly logger: Logger;
  readonly presentation: PresentationParts;
  readonly record: RequestRecorder;
  /** In the order in which they are asked; each answers its own paths and passes on the rest. */
  readonly doors: readonly Middleware[];
};

/**
 * The Koa host. Forwarded headers were made trustworthy before (see `client-address.ts`), so Koa's `proxy` may believe them.
 */
export function createHttpApp(parts: HttpAppParts): Koa {
  const app = new Koa({ proxy: true });
  app.silent = true;
  app.on('error', (error: unknown) => logStreamError(parts.logger, error));
  app.use(requestLog(parts.record));
  app.use(securityHeaders({ isHttps: parts.issuer.startsWith('https:') }));
  app.use(presentPages(parts.presentation));
  app.use(answerErrors(parts));
  app.use(refuseUnreadablePath(parts));
  for (const door of parts.doors) app.use(door);
  return app;
}

function answerErrors(parts: HttpAppParts): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const { problem, headers, isOurFault } = toProblem(error, {
        issuer: parts.issuer,
        requestId: ctx.state.requestId,
      });
      if (isOurFault) parts.logger.error({ requestId: ctx.state.requestId, error: describe(error) }, 'request failed');
      ctx.set(headers);
      ctx.status = problem.status;
      present(ctx, problem, parts);
      return;
    }
    if (ctx.status === 404 && ctx.body === undefined && ctx.respond !== false) {
      ctx.status = 404;
      present(
        ctx,
        {
          title: 'This page does not exist',
          status: 404,
          code: 'request.no_such_page',
          detail: 'The address may be mistyped, or the page has moved.',
        },
        parts,
      );
    }
  };
}

function present(
  ctx: Context,
  problem: { title: string; status: number; code: string; detail?: string },
  parts: HttpAppParts,
): void {
  ctx.set('Cache-Control', 'no-store');
  if (ctx.accepts('json', 'html') === 'html') {
    const page = (
      <ErrorPage
        code={problem.status === 404 ? 'not_found' : problem.code}
        requestId={ctx.state.requestId}
        detail={problem.status === 404 ? undefined : problem.detail}
      />
    );
    answerPage(ctx, page, problem.status);
    return;
  }
  ctx.body = JSON.stringify({
    type: `${parts.issuer}/problems/${problem.status === 404 ? 'not_found' : 'invalid'}`,
    requestId: ctx.state.requestId,
    ...problem,
  });
  ctx.type = 'application/problem+json';
  ctx.status = problem.status;
}

/** A path or query that is not percent-encoded UTF-8, or that holds NUL, reaches no router: two decoders would read it differently. */
function refuseUnreadablePath(parts: HttpAppParts): Middleware {
  return (ctx, next) => {
    if (isReadable(ctx.url)) return next();
    ctx.status = 400;
    present(
      ctx,
      {
        title: 'The address cannot be read',
        status: 400,
        code: 'request.url_invalid',
        detail: 'Expected percent-encoded UTF-8 without NUL.',
      },
      parts,
    );
    return Promise.resolve();
  };
}

function isReadable(url: string): boolean {
  if (!url.includes('%')) return !url.includes('\u0000');
  try {
    return !decodeURIComponent(url.replaceAll('+', ' ')).includes('\u0000');
  } catch {
    return false;
  }
}

const HUNG_UP = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_EOF_STATE']);

function logStreamError(logger: Logger, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!HUNG_UP.has(code)) logger.error({ error: describe(error) }, 'answer failed');
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
