import type { Context, Middleware } from 'koa';
import { followSignal } from '../../domain/lifecycle/follow-signal.ts';
import { findTransmitterBy, type Transmitter } from '../../domain/signals/transmitter.ts';
import { type KeysOf, type SetError, verifyReceived } from '../../domain/signals/verify-received.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import { parseAuthorization } from '../http/bearer.ts';
import { BodyRefused, readTextBody } from '../http/read-body.ts';
import { SSF_PREFIX } from './parts.ts';

export type ReceivingParts = {
  readonly issuer: string;
  readonly read: Reader;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly keysOf: KeysOf;
  readonly onError: (error: unknown, requestId: string) => void;
};

const PATH = `${SSF_PREFIX}/events/`;

/** RFC 8935: an upstream pushes one security event token, and is told 202 when it has been followed. */
export function receivingEndpoint(parts: ReceivingParts): Middleware {
  return async (ctx, next) => {
    if (!ctx.path.startsWith(PATH)) return next();
    ctx.state.route = `${PATH}:transmitterId`;
    ctx.set('Cache-Control', 'no-store');
    if (ctx.method !== 'POST') {
      ctx.set('Allow', 'POST');
      return refuse(ctx, 405, 'invalid_request', 'events are sent with POST');
    }
    try {
      await receive(ctx, ctx.path.slice(PATH.length), parts);
    } catch (error) {
      if (error instanceof BodyRefused) return refuse(ctx, error.status, 'invalid_request', error.message);
      // What cannot be done now is sent again.
      if (!(error instanceof DomainError)) parts.onError(error, ctx.state.requestId);
      refuse(ctx, 503, 'unavailable', 'send it again later');
    }
  };
}

async function receive(ctx: Context, id: string, parts: ReceivingParts): Promise<void> {
  const credentials = parseAuthorization(ctx.get('authorization') || undefined);
  const transmitter =
    credentials?.scheme === 'Bearer' ? await findTransmitterBy(parts.read, id, credentials.token) : undefined;
  // Who is not known is recorded nowhere: they could fill the log (ADR 0020).
  if (transmitter === undefined) {
    ctx.set('WWW-Authenticate', 'Bearer');
    return refuse(ctx, 401, 'authentication_failed', 'expected the token that this transmitter was given');
  }
  const actor: Actor = {
    type: 'system',
    id: `signals of ${transmitter.id}`,
    requestId: ctx.state.requestId,
    ipAddress: ctx.ip,
  };
  if (transmitter.state === 'paused') return refuse(ctx, 403, 'access_denied', 'this transmitter is paused');
  if (ctx.get('content-type').split(';')[0]?.trim().toLowerCase() !== 'application/secevent+jwt')
    return refuse(ctx, 400, 'invalid_request', 'expected Content-Type application/secevent+jwt');
  const verified = await verifyReceived((await readTextBody(ctx.req)).trim(), transmitter, {
    keysOf: parts.keysOf,
    now: parts.clock.now(),
  });
  if (verified.outcome === 'refused') return refuseSet(ctx, { ...verified, transmitter, actor }, parts);
  const { set } = verified;
  await parts.transact(actor, (tx) => followSignal(tx, { transmitter, set, issuer: parts.issuer }));
  ctx.body = null;
  ctx.status = 202;
}

type Refused = {
  readonly error: SetError;
  readonly detail: string;
  readonly transmitter: Transmitter;
  readonly actor: Actor;
};

async function refuseSet(ctx: Context, { error, detail, transmitter, actor }: Refused, { transact }: ReceivingParts) {
  await transact(actor, async (tx) =>
    tx.record({
      type: 'security-events.refused',
      outcome: 'failure',
      reason: error,
      target: { type: 'signal_transmitter', id: transmitter.id },
    }),
  );
  refuse(ctx, error === 'unavailable' ? 503 : 400, error, detail);
}

/** RFC 8935 §2.3 */
function refuse(ctx: Context, status: number, err: string, description: string): void {
  ctx.status = status;
  if (status === 503) ctx.set('Retry-After', '30');
  ctx.set('Content-Language', 'en');
  ctx.body = { err, description };
}
