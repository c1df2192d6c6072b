import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Actor } from '../../kernel/actor.ts';
import type { AuditEvent } from '../../persistence/audit-rows.ts';
import { findRecordOf } from './client-overrides.ts';
import type { ProviderHostParts } from './parts.ts';
import { scopeOf } from './request-scope.ts';

type Observe = NonNullable<ProviderHostParts['observe']>;
type OidcError = Error & {
  readonly error?: string;
  readonly error_description?: string;
  readonly error_detail?: string;
  readonly scope?: string;
};

/** Answers that a client waits through, and proof that it is asked to make again: nobody was refused anything. */
const NOT_REFUSALS: ReadonlySet<string | undefined> = new Set([
  'authorization_pending',
  'slow_down',
  'use_dpop_nonce',
  'login_required',
  'consent_required',
  'interaction_required',
]);

/** The library's error events, and what each is recorded as. */
const REFUSALS = {
  'grant.error': 'tokens.refused',
  'userinfo.error': 'tokens.refused',
  'introspection.error': 'tokens.refused',
  'revocation.error': 'tokens.refused',
  'device_authorization.error': 'tokens.refused',
  'authorization.error': 'authorizations.refused',
  'pushed_authorization_request.error': 'authorizations.refused',
  'end_session.error': 'authorizations.refused',
  'registration_create.error': 'client-registrations.refused',
  'registration_update.error': 'client-registrations.refused',
} as const;

/** Who the library worked for, for the audit log: the person, else the client, else nobody it knows. */
export function actorOf(ctx: KoaContextWithOIDC): Actor {
  const { account, client } = ctx.oidc;
  const from = originOf(ctx);
  if (account) return { type: 'user', id: account.accountId, ...from };
  return client ? { type: 'client', id: client.clientId, ...from } : { ...NOBODY, ...from };
}

const NOBODY = { type: 'anonymous', id: 'anonymous' } as const;

function originOf(ctx: KoaContextWithOIDC): Omit<Actor, 'type' | 'id'> {
  const { client } = ctx.oidc;
  const userAgent = ctx.get('user-agent');
  return {
    ...(typeof ctx.state.requestId === 'string' ? { requestId: ctx.state.requestId } : {}),
    ipAddress: ctx.ip,
    ...(userAgent === '' ? {} : { userAgent }),
    ...(client ? { clientId: client.clientId } : {}),
  };
}

/** Anyone can name a client and be refused: a refusal is the client's only when it has proved who it is, or shown a token. */
function refusedActorOf(ctx: KoaContextWithOIDC): Actor {
  const { AccessToken, ClientCredentials, RegistrationAccessToken } = ctx.oidc.entities;
  const isProved = scopeOf(ctx)?.isClientAuthenticated || AccessToken || ClientCredentials || RegistrationAccessToken;
  return ctx.oidc.account || isProved ? actorOf(ctx) : { ...NOBODY, ...originOf(ctx) };
}

/** Turns the library's events into audit events of the request; they are written when it is done. */
export function recordProviderEvents(provider: Provider, observe: Observe): void {
  const on: (name: string, listener: (ctx: KoaContextWithOIDC, error: OidcError) => void) => void = provider.on.bind(
    provider,
  ) as never;
  const record = (ctx: KoaContextWithOIDC, event: AuditEvent): void => void scopeOf(ctx)?.events.push(event);

  provider.on('grant.success', (ctx: KoaContextWithOIDC) => {
    const scope = scopeOf(ctx);
    if (scope) scope.isGranted = true;
    record(ctx, issued(ctx));
    observe({ kind: 'tokens.issued', grantType: String(ctx.oidc.params?.grant_type) });
  });
  provider.on('grant.revoked', (ctx: KoaContextWithOIDC) => {
    if (ctx.oidc.route === 'token') record(ctx, { type: 'grants.revoked-by-reuse' });
  });
  for (const [name, type] of Object.entries(REFUSALS)) {
    on(name, (ctx, error) => {
      if (NOT_REFUSALS.has(error.error)) return;
      record(ctx, refused(type, ctx, error));
      if (type !== 'client-registrations.refused') observe({ kind: type, error: error.error ?? 'server_error' });
    });
  }
  provider.on('end_session.success', (ctx: KoaContextWithOIDC) => {
    if (ctx.oidc.session?.accountId === undefined || !ctx.oidc.params?.logout) return;
    record(ctx, { type: 'sessions.ended', target: { type: 'user', id: ctx.oidc.session.accountId } });
  });
}

function issued({ oidc, body }: KoaContextWithOIDC): AuditEvent {
  const { AccessToken, ClientCredentials } = oidc.entities;
  const token = AccessToken ?? ClientCredentials;
  const kinds = ['access_token', 'refresh_token', 'id_token'].filter((name) => isRecord(body) && name in body);
  return {
    type: 'tokens.issued',
    details: {
      grantType: oidc.params?.grant_type,
      tokens: kinds,
      scope: token?.scope ?? '',
      ...(token?.aud === undefined ? {} : { resource: token.aud }),
    },
  };
}

/** The real reason, for administrators: what was sent, and what is registered where that is what did not match. */
function refused(type: string, ctx: KoaContextWithOIDC, error: OidcError): AuditEvent {
  const { client, params = {} } = ctx.oidc;
  const sent = (name: string): unknown => bounded(params[name]);
  const isRedirect = error.error === 'invalid_redirect_uri';
  const details = {
    endpoint: ctx.oidc.route,
    description: bounded(error.error_description),
    detail: bounded(error.error_detail ?? causeOf(error)),
    clientId: sent('client_id'),
    grantType: sent('grant_type'),
    scope: sent('scope'),
    refusedScope: bounded(error.scope),
    resource: sent('resource'),
    ...(isRedirect ? { redirectUri: sent('redirect_uri'), registeredRedirectUris: client?.redirectUris } : {}),
    ...(isRedirect && client ? { applicationType: client.applicationType } : {}),
    clientVersion: findRecordOf(client)?.version,
  };
  const known = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
  return {
    type,
    outcome: 'refused',
    reason: error.error ?? 'server_error',
    details: known,
    actor: refusedActorOf(ctx),
  };
}

const LONGEST_DETAIL = 2_000;

/** Parameters are the sender's: cut, and made storable (PostgreSQL has no NUL and no lone surrogates in jsonb). */
function bounded(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 20).map(bounded);
  if (typeof value !== 'string') return undefined;
  return value.slice(0, LONGEST_DETAIL).replaceAll('\u0000', '\uFFFD').toWellFormed();
}

const causeOf = ({ cause }: Error): string | undefined => (cause instanceof Error ? cause.message : undefined);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
