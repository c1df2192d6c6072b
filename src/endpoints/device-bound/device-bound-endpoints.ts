import type { Context, Middleware } from 'koa';
import {
  type BindableSession,
  bindSession,
  type DeviceBinding,
  type DeviceKey,
  isSameKey,
  recordUnproved,
  type UnprovedReason,
} from '../../domain/sessions/device-binding.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Transact } from '../../persistence/unit-of-work.ts';
import { visitorOf } from '../http/answer-page.ts';
import { devicePaths, deviceProofCookie } from '../http/device-proof-cookie.ts';
import { refuseMethod } from '../http/refuse-method.tsx';
import { readDeviceProof } from './device-proof.ts';

export type DeviceBoundParts = {
  readonly issuer: string;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly binding: DeviceBinding;
  /** The session of this browser, whether or not its device has proved itself. */
  readonly findSession: (ctx: Context) => Promise<BindableSession | undefined>;
  /** Each answer to a challenge counts once. */
  readonly isFirst: (purpose: string, challenge: string, expiresAtSeconds: number) => Promise<boolean>;
};

/** W3C Device Bound Session Credentials: a browser registers its key, and proves it every ten minutes. */
export function deviceBoundEndpoints(parts: DeviceBoundParts): Middleware {
  return async (ctx, next) => {
    const isRegistration = ctx.path === devicePaths.registration;
    if (!isRegistration && ctx.path !== devicePaths.refresh) return next();
    ctx.state.route = ctx.path;
    if (ctx.method !== 'POST') return refuseMethod(ctx, 'POST');
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Cross-Origin-Resource-Policy', 'same-origin');
    const session = await parts.findSession(ctx);
    // Any 4xx but 403 tells the browser to forget its key.
    if (session === undefined) return refuse(ctx, 401);
    await (isRegistration ? register(ctx, parts, session) : refresh(ctx, parts, session));
  };
}

async function register(ctx: Context, parts: DeviceBoundParts, session: BindableSession): Promise<void> {
  const proof = await readDeviceProof(ctx.get('Secure-Session-Response'));
  const now = parts.clock.now();
  if (!proof || parts.binding.challengeUntil(session, proof.challenge, now) === undefined) return refuse(ctx, 400);
  const { accountId } = session;
  const isBound = await parts.transact({ ...visitorOf(ctx), type: 'user', id: accountId }, (tx) =>
    bindSession(tx, { id: session.id, accountId, deviceKey: proof.key }),
  );
  // The same browser may say it twice; whoever else has the cookie comes too late.
  if (!isBound && !(session.deviceKey && isSameKey(session.deviceKey, proof.key)))
    return refuseProof(ctx, parts, { session, reason: 'wrong_key' });
  accept(ctx, parts, session, proof.key);
}

async function refresh(ctx: Context, parts: DeviceBoundParts, session: BindableSession): Promise<void> {
  const { deviceKey } = session;
  const named = ctx
    .get('Sec-Secure-Session-Id')
    .trim()
    .replace(/^"(.*)"$/, '$1');
  if (deviceKey === undefined || named !== parts.binding.identifier(session)) return refuse(ctx, 400);
  const response = ctx.get('Secure-Session-Response');
  if (response === '') return challenge(ctx, parts, session);
  const proof = await readDeviceProof(response, deviceKey);
  if (!proof) return refuseProof(ctx, parts, { session, reason: 'wrong_proof' });
  const until = parts.binding.challengeUntil(session, proof.challenge, parts.clock.now());
  if (until === undefined || !(await parts.isFirst('device proof', proof.challenge, until + 60)))
    return challenge(ctx, parts, session);
  accept(ctx, parts, session, deviceKey);
}

function challenge(ctx: Context, { binding, clock }: DeviceBoundParts, session: BindableSession): void {
  const value = `"${binding.challenge(session, clock.now())}";id="${binding.identifier(session)}"`;
  ctx.set('Secure-Session-Challenge', value);
  refuse(ctx, 403);
}

async function refuseProof(
  ctx: Context,
  { transact }: DeviceBoundParts,
  refusal: { readonly session: BindableSession; readonly reason: UnprovedReason },
): Promise<void> {
  await transact(visitorOf(ctx), async (tx) => recordUnproved(tx, refusal));
  refuse(ctx, 400);
}

function refuse(ctx: Context, status: number): void {
  ctx.status = status;
  ctx.body = '';
}

/** What needs no session is not held up for a proof. */
const BESIDE = ['/assets', '/.well-known', '/token', '/userinfo', '/jwks', '/admin/v1', '/scim', '/health'] as const;

function accept(
  ctx: Context,
  { issuer, binding, clock }: DeviceBoundParts,
  session: BindableSession,
  deviceKey: DeviceKey,
): void {
  const cookie = deviceProofCookie(issuer);
  cookie.write(ctx, binding.proof(session, deviceKey, clock.now()));
  const { origin, hostname } = new URL(issuer);
  ctx.type = 'json';
  ctx.body = JSON.stringify({
    session_identifier: binding.identifier(session),
    refresh_url: devicePaths.refresh,
    scope: {
      origin,
      include_site: false,
      scope_specification: BESIDE.map((path) => ({ type: 'exclude', domain: hostname, path })),
    },
    credentials: [{ type: 'cookie', name: cookie.name, attributes: cookie.attributes }],
    // People come from applications of any site.
    allowed_refresh_initiators: ['*'],
  });
}
