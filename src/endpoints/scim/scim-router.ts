import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { SCIM_RESOURCE } from '../../domain/access/built-in-resource-servers.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import { precondition } from '../../kernel/errors.ts';
import { storableExcerpt } from '../../kernel/text.ts';
import type { AuditEvent } from '../../persistence/audit-rows.ts';
import type { ReadAs, Transact } from '../../persistence/unit-of-work.ts';
import { allowedMethods } from '../http/allowed-methods.ts';
import { parseAuthorization, type VerifyBearer } from '../http/bearer.ts';
import { readJsonBody } from '../http/read-body.ts';
import { dryRun } from './dry-run.ts';
import { requestEvent } from './request-event.ts';
import { ScimRefusal, scimError, toScimError } from './scim-error.ts';
import { SCIM_PREFIX } from './scim-prefix.ts';
import type { ScimAnswer, ScimCall, ScimHandler, ScimRoute, ScimRoutes } from './scim-route.ts';

export type ScimRouterParts = {
  readonly issuer: string;
  readonly readAs: ReadAs;
  readonly clock: Clock;
  readonly transact: Transact;
  readonly verifyBearer: VerifyBearer;
  readonly onError: (error: unknown, requestId: string) => void;
};

/** The one place where token, permission, body and preconditions of a SCIM request are checked, and where it is recorded. */
export function scimRouter(routes: ScimRoutes, parts: ScimRouterParts): Middleware {
  const router = new Router({ prefix: SCIM_PREFIX, sensitive: true, strict: true });
  for (const [route, handler] of routes) {
    router.register(route.path, [route.method], async (ctx: Context) => {
      ctx.state.route = `${SCIM_PREFIX}${route.path}`;
      await serve(ctx, route, handler, parts);
    });
  }
  const dispatch = router.routes();
  return async (ctx, next) => {
    if (ctx.path !== SCIM_PREFIX && !ctx.path.startsWith(`${SCIM_PREFIX}/`)) return next();
    ctx.status = 404;
    try {
      await dispatch(ctx as never, async () => answerUnmatched(ctx, router));
    } catch (error) {
      await presentError(ctx, error, anonymous(ctx), parts);
    }
  };
}

const anonymous = (ctx: Context): Actor => ({
  type: 'anonymous',
  id: 'anonymous',
  requestId: ctx.state.requestId,
  ipAddress: ctx.ip,
});

async function serve(ctx: Context, route: ScimRoute, handler: ScimHandler, parts: ScimRouterParts): Promise<void> {
  const caller = await authorize(ctx, route, parts);
  if (caller === undefined) return;
  const { actor } = caller;
  try {
    const query = singleValues(ctx);
    const body = route.hasBody ? await readJsonBody(ctx.req, ['application/scim+json', 'application/json']) : undefined;
    const versions = { expectedVersion: ifMatch(ctx), knownVersions: ifNoneMatch(ctx) };
    const event = requestEvent(ctx, query, body);
    const { transact, isRecorded } = recording(parts.transact, event, route);
    const call: ScimCall = {
      route,
      ...caller,
      ...versions,
      at: parts.clock.now(),
      params: ctx.params,
      query,
      body,
      read: parts.readAs(actor),
      transact,
    };
    const isDry = route.access !== 'scim:read' && query.dryRun === 'true' && route.method !== 'GET';
    const answer = isDry ? await dryRun(parts.transact, call, handler) : await handler(call);
    // Nothing is silent: an answer that was not recorded is not given. What everybody may read is the same for all, and whoever
    // needs no token must not be able to fill the log (ADR 0020).
    if (!isRecorded() && route.access !== 'public') await parts.transact(actor, async (tx) => tx.record(event));
    respond(ctx, answer);
  } catch (error) {
    await presentError(ctx, error, actor, parts);
  }
}

/** The request's row goes into the first transaction that changes something, so that a change costs one commit. */
function recording(transact: Transact, event: AuditEvent, { path }: ScimRoute) {
  let recorded = false;
  const isMany = path === '/Bulk';
  const wrapped: Transact = async (actor, work) => {
    if (recorded || isMany) return transact(actor, work);
    const result = await transact(actor, async (tx) => {
      const value = await work(tx);
      tx.record(event);
      return value;
    });
    recorded = true;
    return result;
  };
  return { transact: wrapped, isRecorded: () => recorded };
}

type Caller = Pick<ScimCall, 'actor' | 'permissions'>;

/** RFC 7644 §2 and RFC 6750 §3.1: 401 without a valid token, 403 with one that does not reach far enough. */
async function authorize(ctx: Context, { access }: ScimRoute, parts: ScimRouterParts): Promise<Caller | undefined> {
  if (access === 'public') return { actor: anonymous(ctx), permissions: new Set() };
  const credentials = parseAuthorization(ctx.get('authorization') || undefined);
  if (credentials === undefined) {
    const detail = `Send an access token for ${SCIM_RESOURCE} as "Authorization: Bearer …"`;
    await refuse(ctx, 401, detail, `Bearer realm="${SCIM_RESOURCE}"`, anonymous(ctx), parts);
    return undefined;
  }
  const verified = await parts.verifyBearer(
    {
      ...credentials,
      dpopProof: ctx.get('dpop') || undefined,
      method: ctx.method,
      url: `${parts.issuer}${ctx.path}`,
      requestId: ctx.state.requestId,
      ipAddress: ctx.ip,
      userAgent: ctx.get('user-agent') || undefined,
    },
    SCIM_RESOURCE,
  );
  const { scheme } = credentials;
  if (verified.outcome === 'refused') {
    const challenge = `${scheme} realm="${SCIM_RESOURCE}", error="${verified.error}", error_description="${verified.description}"`;
    await refuse(ctx, 401, verified.description, challenge, anonymous(ctx), parts);
    return undefined;
  }
  if (access === 'token' || verified.permissions.has(access)) return verified;
  const challenge = `${scheme} realm="${SCIM_RESOURCE}", error="insufficient_scope", scope="${access}"`;
  await refuse(ctx, 403, `This call needs the permission ${access}`, challenge, verified.actor, parts);
  return undefined;
}

async function refuse(
  ctx: Context,
  status: 401 | 403,
  detail: string,
  challenge: string,
  actor: Actor,
  parts: ScimRouterParts,
): Promise<void> {
  const reason = status === 401 ? 'unauthenticated' : 'insufficient_scope';
  await recordRefusal(ctx, actor, status, reason, parts);
  ctx.set('WWW-Authenticate', challenge);
  write(ctx, status, scimError(status, detail));
}

const recordRefusal = (ctx: Context, actor: Actor, status: number, reason: string, { transact }: ScimRouterParts) =>
  transact(actor, async (tx) => {
    const details = { method: ctx.method, path: storableExcerpt(ctx.path, 256), status };
    tx.record({ type: 'scim-requests.refused', outcome: 'refused', reason, details });
  });

async function presentError(ctx: Context, error: unknown, actor: Actor, parts: ScimRouterParts): Promise<void> {
  const { status, code, body, headers, isOurFault } = toScimError(error, ctx.state.requestId);
  if (isOurFault) parts.onError(error, ctx.state.requestId);
  else await recordRefusal(ctx, actor, status, code, parts);
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
  write(ctx, status, body);
  // A body that was not read to its end cannot be followed by another request on the connection.
  if (status === 413) ctx.set('Connection', 'close');
}

function respond(ctx: Context, { status, body, headers = {} }: ScimAnswer): void {
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
  if (body !== undefined) {
    write(ctx, status, body);
    return;
  }
  ctx.body = null;
  ctx.status = status;
  ctx.set('Cache-Control', 'no-store');
}

function write(ctx: Context, status: number, body: unknown): void {
  ctx.status = status;
  ctx.body = JSON.stringify(body);
  ctx.type = 'application/scim+json';
  ctx.set('Cache-Control', 'no-store');
}

function answerUnmatched(ctx: Context, router: Router): void {
  const allowed = allowedMethods(router, ctx);
  if (allowed.length === 0) {
    write(ctx, 404, scimError(404, `There is nothing here. See ${SCIM_PREFIX}/ResourceTypes`));
    return;
  }
  ctx.set('Allow', allowed.join(', '));
  write(ctx, 405, scimError(405, 'This method is not offered here'));
}

/** Unknown parameters are passed over: Microsoft Entra ID adds its own to every address (`aadOptscim062020`). */
function singleValues(ctx: Context): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(ctx.query)) {
    if (typeof value !== 'string')
      throw new ScimRefusal('invalidValue', `${name.slice(0, 64)} is there more than once`);
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

const TAG = /^(?:W\/)?"(\d{1,9})"$/;

function ifMatch(ctx: Context): number | undefined {
  const header = ctx.get('if-match').trim();
  if (header === '' || header === '*') return undefined;
  const version = TAG.exec(header)?.[1];
  if (version === undefined)
    throw precondition('request.version_mismatch', { detail: 'If-Match does not name the current version' });
  return Number(version);
}

const ifNoneMatch = (ctx: Context): ReadonlySet<number> =>
  new Set(
    ctx
      .get('if-none-match')
      .split(',')
      .flatMap((tag) => TAG.exec(tag.trim())?.[1] ?? [])
      .map(Number),
  );
