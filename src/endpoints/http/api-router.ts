import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { z } from 'zod';
import { invalid, precondition } from '../../kernel/errors.ts';
import { faultsOf } from '../../kernel/input.ts';
import type { ReadAs } from '../../persistence/unit-of-work.ts';
import { allowedMethods } from './allowed-methods.ts';
import { answerPage } from './answer-page.ts';
import { parseAuthorization, type VerifyBearer } from './bearer.ts';
import { assertInReach } from './organization-reach.ts';
import { toProblem } from './problem.ts';
import { openUpload, readJsonBody } from './read-body.ts';
import type { Answer, AnyRoute, Call, Route } from './route.ts';

export type ApiRouterParts = {
  readonly issuer: string;
  readonly prefix: string;
  /** Identifier of the resource server whose tokens open this API. */
  readonly resource: string;
  readonly verifyBearer: VerifyBearer;
  readonly readAs: ReadAs;
  readonly onError: (error: unknown, requestId: string) => void;
  /** Where a standard asks for another status than 422 for input that is not valid. */
  readonly invalidStatus?: number;
};

export type ApiRouter = {
  handle<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
    route: Route<Params, Query, Body>,
    handler: (call: Call<Params, Query, Body>) => Promise<Answer> | Answer,
  ): void;
  readonly routes: readonly AnyRoute[];
  middleware(): Middleware;
};

/** The one place where a token, a permission and the input of an API call are checked: no handler runs before all three. */
export function createApiRouter(parts: ApiRouterParts): ApiRouter {
  const router = new Router({ prefix: parts.prefix, sensitive: true, strict: true });
  const routes: AnyRoute[] = [];

  return {
    routes,
    handle(route, handler) {
      routes.push(route as AnyRoute);
      router.register(route.path, [route.method], async (ctx: Context) => {
        ctx.state.route = `${parts.prefix}${route.path}`;
        const caller = await authorizeCall(ctx, route.permission, parts);
        if (caller === undefined) return;
        await assertInReach(caller.actor, route, ctx.params, parts.readAs);
        const call = await parseCall(ctx, route);
        const read = parts.readAs(caller.actor);
        respond(ctx, await handler({ ...call, ...caller, read, requestId: ctx.state.requestId }));
      });
    },
    middleware() {
      const dispatch = router.routes();
      return async (ctx, next) => {
        if (ctx.path !== parts.prefix && !ctx.path.startsWith(`${parts.prefix}/`)) return next();
        try {
          ctx.status = 404;
          await dispatch(ctx as never, async () => answerUnmatched(ctx, router, parts));
        } catch (error) {
          presentProblem(ctx, error, parts);
        }
      };
    },
  };
}

type Caller = Pick<Call<z.ZodType, z.ZodType, z.ZodType>, 'actor' | 'permissions'>;

/** RFC 6750 §3.1: 401 without a valid token, 403 with one that does not reach far enough. */
async function authorizeCall(
  ctx: Context,
  permission: string | null,
  parts: ApiRouterParts,
): Promise<Caller | undefined> {
  const { requestId } = ctx.state;
  if (permission === null)
    return { actor: { type: 'anonymous', id: 'anonymous', requestId, ipAddress: ctx.ip }, permissions: new Set() };
  const credentials = parseAuthorization(ctx.get('authorization') || undefined);
  if (credentials === undefined) {
    refuse(
      ctx,
      401,
      'unauthenticated',
      `Send an access token for ${parts.resource} as "Authorization: Bearer …"`,
      `Bearer realm="${parts.resource}"`,
      parts,
    );
    return undefined;
  }
  const request = {
    ...credentials,
    dpopProof: ctx.get('dpop') || undefined,
    method: ctx.method,
    url: `${parts.issuer}${ctx.path}`,
    requestId,
    ipAddress: ctx.ip,
    userAgent: ctx.get('user-agent') || undefined,
  };
  const verified = await parts.verifyBearer(request, parts.resource);
  if (verified.outcome === 'refused') {
    const challenge = `${credentials.scheme} realm="${parts.resource}", error="${verified.error}", error_description="${verified.description}"`;
    refuse(ctx, 401, verified.error, verified.description, challenge, parts);
    return undefined;
  }
  if (!verified.permissions.has(permission)) {
    const challenge = `${credentials.scheme} realm="${parts.resource}", error="insufficient_scope", scope="${permission}"`;
    refuse(ctx, 403, 'insufficient_scope', `This call needs the permission ${permission}`, challenge, parts);
    return undefined;
  }
  return { actor: verified.actor, permissions: verified.permissions };
}

function refuse(
  ctx: Context,
  status: 401 | 403,
  code: string,
  detail: string,
  challenge: string,
  { issuer }: ApiRouterParts,
): void {
  ctx.status = status;
  ctx.set('WWW-Authenticate', challenge);
  const title = status === 401 ? 'Authentication is needed' : 'This is not allowed';
  writeProblem(ctx, {
    type: `${issuer}/problems/${status === 401 ? 'unauthenticated' : 'forbidden'}`,
    title,
    status,
    code,
    detail,
    requestId: ctx.state.requestId,
  });
}

async function parseCall<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  ctx: Context,
  route: Route<Params, Query, Body>,
) {
  const params = check(route.params, ctx.params, 'parameter', 'path');
  const query = check(route.query, singleValues(ctx), 'parameter', 'query');
  const mediaTypes =
    route.mediaTypes ??
    (route.method === 'PATCH' ? ['application/merge-patch+json', 'application/json'] : ['application/json']);
  const body =
    route.body === undefined
      ? undefined
      : check(route.body, await readBody(ctx, route.bodyIsOptional ?? false, mediaTypes), 'pointer', 'body');
  return {
    params: params as z.output<Params>,
    query: query as z.output<Query>,
    body: body as z.output<Body>,
    expectedVersion: parseIfMatch(ctx.get('if-match')),
    openUpload: () => openUpload(ctx.req, route.upload ?? NO_UPLOAD),
  };
}

const NO_UPLOAD = { mediaTypes: [], largestBytes: 0 };

/** RFC 9112 §6: a request has a body when it says how long it is, or that it comes in chunks. */
async function readBody(ctx: Context, isOptional: boolean, mediaTypes: readonly string[]): Promise<unknown> {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = ctx.req.headers;
  if (isOptional && length === '0' && coding === undefined) return {};
  return readJsonBody(ctx.req, mediaTypes);
}

function singleValues(ctx: Context): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(ctx.query)) {
    if (typeof value !== 'string')
      throw invalid('request.parameter_repeated', { faults: [{ parameter: name, detail: 'expected once' }] });
    values[name] = value;
  }
  return values;
}

function check(schema: z.ZodType | undefined, value: unknown, place: 'pointer' | 'parameter', part: string): unknown {
  if (schema === undefined) {
    const names = place === 'parameter' && part === 'query' ? Object.keys(value as object) : [];
    if (names.length > 0)
      throw invalid('request.parameter_unknown', {
        faults: names.map((name) => ({ parameter: name, detail: 'unknown parameter' })),
      });
    return value;
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(`request.${part}_invalid`, {
    detail: `the ${part} is not as expected`,
    faults: result.error.issues.flatMap((issue) => faultsOf(issue, place)),
  });
}

/** RFC 9110 §13.1.1. A weak or foreign tag can never match. */
function parseIfMatch(header: string): number | undefined {
  if (header === '' || header === '*') return undefined;
  const match = /^"(\d{1,9})"$/.exec(header.trim());
  if (!match) throw precondition('request.version_mismatch', { detail: 'If-Match does not name the current version' });
  return Number(match[1]);
}

function respond(ctx: Context, answer: Answer): void {
  ctx.status = answer.status;
  ctx.set('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(answer.headers ?? {})) ctx.set(name, value);
  if (answer.page !== undefined) ctx.vary('Accept');
  if (answer.page !== undefined && ctx.accepts('json', 'html') === 'html')
    answerPage(ctx, answer.page(), answer.status);
  else if (answer.body === undefined) ctx.body = null;
  else {
    ctx.body = JSON.stringify(answer.body);
    ctx.type = 'application/json';
  }
  if (answer.body === undefined) ctx.status = answer.status;
}

function answerUnmatched(ctx: Context, router: Router, parts: ApiRouterParts): void {
  const allowed = allowedMethods(router, ctx);
  const status = allowed.length > 0 ? 405 : 404;
  if (status === 405) ctx.set('Allow', allowed.join(', '));
  ctx.status = status;
  writeProblem(ctx, {
    type: `${parts.issuer}/problems/not_found`,
    title: status === 405 ? 'This method is not offered here' : 'There is no such resource',
    status,
    code: status === 405 ? 'request.method_not_allowed' : 'request.no_such_route',
    detail: `See ${parts.issuer}${parts.prefix}/openapi.json`,
    requestId: ctx.state.requestId,
  });
}

function presentProblem(ctx: Context, error: unknown, parts: ApiRouterParts): void {
  const { problem, headers, isOurFault } = toProblem(error, {
    issuer: parts.issuer,
    requestId: ctx.state.requestId,
    invalidStatus: parts.invalidStatus,
  });
  if (isOurFault) parts.onError(error, ctx.state.requestId);
  ctx.status = problem.status;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
  writeProblem(ctx, problem);
  // A body that was not read to its end cannot be followed by another request on the connection.
  if (problem.status === 413) ctx.set('Connection', 'close');
}

function writeProblem(ctx: Context, problem: object): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.body = JSON.stringify(problem);
  ctx.type = 'application/problem+json';
}
