import type { KoaContextWithOIDC } from 'oidc-provider';
import type { RecordStore } from '../../domain/sessions/record-store.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { type AdmitsEvent, auditRow } from '../../persistence/audit-rows.ts';
import { actorOf } from './audit-events.ts';
import { findRecordOf } from './client-overrides.ts';
import { withdrawUnearnedCors } from './cors.ts';
import type { RequestScope } from './request-scope.ts';

export type SettleParts = {
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly admits?: AdmitsEvent | undefined;
};

const TOKENS: ReadonlySet<string> = new Set(['AccessToken', 'RefreshToken', 'ClientCredentials']);

/**
 * What is left to do when the library has made its answer: everything it wrote and the audit rows leave in one statement,
 * before Koa answers. Fail closed: without the rows there is no token.
 */
export function createSettle({ store, clock, logger, admits = () => true }: SettleParts) {
  return async (ctx: KoaContextWithOIDC, scope: RequestScope): Promise<void> => {
    const { route } = ctx.oidc;
    finish(ctx, scope, route);
    withdrawUnearnedCors(ctx, route);
    const upserts = [...scope.upserts.values()].filter(({ model }) => isOwed(scope, route, model));
    const removals = [...scope.removals.values()];
    if (upserts.length === 0 && removals.length === 0 && scope.events.length === 0) return;
    const actor = actorOf(ctx);
    const now = clock.now();
    const audit = scope.events.filter((event) => admits(event, actor, now)).map((event) => auditRow(event, actor, now));
    if (upserts.length === 0 && removals.length === 0 && audit.length === 0) return;
    try {
      await store.withAudit({ upserts, removals, audit });
    } catch (error) {
      logger.error({ requestId: ctx.state.requestId, route, error: String(error) }, 'provider could not write');
      refuse(ctx);
    }
  };
}

/** Tokens of a request that was refused in the end were never handed out. */
const isOwed = (scope: RequestScope, route: string, model: string): boolean =>
  route !== 'token' || scope.isGranted === true || !TOKENS.has(model);

function finish(ctx: KoaContextWithOIDC, scope: RequestScope, route: string): void {
  const { body } = ctx;
  switch (route) {
    case 'token':
      // DESIGN §8: every token answer carries its scope, an empty one too.
      if (scope.isGranted && isObject(body)) body.scope ??= '';
      return;
    case 'revocation':
      if (ctx.status !== 200) return;
      // oidc-client-ts rejects an empty answer that says text/plain.
      ctx.remove('Content-Type');
      recordRevocation(ctx, scope);
      return;
    case 'client':
    case 'client_update':
      // The secret is hashed: what the library holds in its place is nobody's business.
      if (isObject(body) && !findRecordOf(ctx.oidc.client)?.secrets.some((secret) => secret.envelope)) {
        delete body.client_secret;
      }
  }
}

function recordRevocation({ oidc }: KoaContextWithOIDC, scope: RequestScope): void {
  const { AccessToken, RefreshToken, ClientCredentials } = oidc.entities;
  const token = AccessToken ?? RefreshToken ?? ClientCredentials;
  if (!token || token.clientId !== oidc.client?.clientId) return;
  const accountId = 'accountId' in token ? token.accountId : undefined;
  scope.events.push({
    type: 'tokens.revoked',
    ...(accountId === undefined ? {} : { target: { type: 'user', id: accountId } }),
    details: { token: token.kind, scope: token.scope ?? '' },
  });
}

function refuse(ctx: KoaContextWithOIDC): void {
  ctx.remove('Location');
  ctx.remove('Set-Cookie');
  ctx.status = 500;
  ctx.body = { error: 'server_error', error_description: 'the request could not be completed; nothing was issued' };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
