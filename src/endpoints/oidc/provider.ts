import type { Context } from 'koa';
import { type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { AccountCache } from '../../domain/sessions/account-cache.ts';
import { sessionReplacements } from './adapter.ts';
import { recordProviderEvents } from './audit-events.ts';
import { type BoundSessions, SESSION_MEMBER } from './bound-sessions.ts';
import { type ClientOverrideParts, markAuthenticated, overrideClients, recordOf } from './client-overrides.ts';
import { type ConfigurationParts, cookies, createConfiguration } from './configuration.ts';
import { overrideContext } from './context-overrides.ts';
import { lifetimes } from './lifetimes.ts';
import type { ProviderHostParts } from './parts.ts';
import { overrideRegisteredScopes } from './registration.ts';
import { createReplayDetection } from './replay-detection.ts';
import { currentScope } from './request-scope.ts';
import type { ResourceIndicators } from './resource-servers.ts';

export type ProviderParts = ConfigurationParts &
  ClientOverrideParts &
  Pick<ProviderHostParts, 'pool' | 'logger'> & {
    readonly observe: NonNullable<ProviderHostParts['observe']>;
    readonly permissionValues: () => ReadonlySet<string>;
    readonly boundSessions: BoundSessions;
    readonly newRefreshToken: (grantId: string) => string;
  };

/** One instance of the library with everything of ours applied; about a millisecond, so keys change by making a new one. */
export function createProvider(parts: ProviderParts): Provider {
  const provider = new Provider(parts.issuer, createConfiguration(parts));
  overrideContext(provider);
  overrideClients(provider, parts);
  overrideRegisteredScopes(provider, parts.permissionValues);
  overrideSessions(provider, parts);
  overrideTokens(provider, parts.newRefreshToken);
  narrowFrontChannelTokens(provider, parts.indicators);
  overrideReplayDetection(provider, parts.pool);
  recordProviderEvents(provider, parts.observe);
  provider.on('server_error', (ctx, error: Error) => {
    parts.logger.error({ requestId: ctx.state.requestId, error: error.stack ?? error.message }, 'provider failed');
  });
  return provider;
}

function overrideReplayDetection(provider: Provider, pool: ProviderHostParts['pool']): void {
  const isFirst = createReplayDetection(pool);
  Object.assign(provider.ReplayDetection, {
    async unique(issuer: string, jti: string, expiresAtSeconds: number): Promise<boolean> {
      const first = await isFirst(issuer, jti, expiresAtSeconds);
      // The last thing the library asks of a client assertion: everything else about it holds.
      if (first && Provider.ctx?.oidc.params?.client_assertion !== undefined) markAuthenticated();
      return first;
    },
  });
}

const requestOf = Symbol('request');

type SessionLike = InstanceType<Provider['Session']> & { oldId?: string | undefined };

type SessionParts = ConfigurationParts & Pick<ProviderParts, 'boundSessions'> & { readonly accounts: AccountCache };

function overrideSessions(provider: Provider, parts: SessionParts): void {
  const { Session } = provider;
  const { accounts, boundSessions } = parts;
  const members = [...(Session as unknown as { readonly IN_PAYLOAD: readonly string[] }).IN_PAYLOAD, SESSION_MEMBER];
  Object.defineProperty(Session, 'IN_PAYLOAD', { value: members });
  const { save, persist } = Session.prototype;
  const { long } = cookies(parts);
  const get = Session.get.bind(Session);
  Object.assign(Session.prototype, {
    // The library deletes the old row and writes the new one; here both are one step that an ended session stops.
    save(this: SessionLike, ttl: number) {
      if (this.oldId !== undefined) {
        // A session begun for a cookie that opens nothing any more (ended, expired) was never written and replaces no row.
        if (this.exp !== undefined) sessionReplacements.set(this.jti, this.oldId);
        this.oldId = undefined;
      }
      return save.call(this, ttl);
    },
    /**
     * The device page is drawn again after an error, when the library's session step is over: for a browser that came
     * without a session it fails to store one (tried), and the person could never go on.
     */
    async persist(this: SessionLike & { [requestOf]?: KoaContextWithOIDC }) {
      const ctx = this[requestOf];
      if (this.exp !== undefined || ctx === undefined) return persist.call(this);
      ctx.oidc.cookies.set(provider.cookieName('session'), this.jti, long);
      return this.save(lifetimes.sessionIdle);
    },
  });
  Object.assign(Session, {
    /** A session whose person is gone, or whose sign-in no longer counts, ends here: the person meets the sign-in page. */
    async get(ctx: Parameters<typeof get>[0]) {
      const session = await get(ctx);
      if (session.exp === undefined) Object.defineProperty(session, requestOf, { value: ctx });
      if (session.accountId === undefined) return session;
      const Fresh = Session as unknown as { instantiate(payload?: object): SessionLike };
      if (!(await boundSessions.admits(ctx as unknown as Context, session))) {
        // Not written unless somebody signs in: the browser whose proof failed keeps its cookie, and may prove itself next time.
        const stranger = Fresh.instantiate();
        Object.defineProperty(stranger, requestOf, { value: ctx });
        ctx.oidc?.entity('Session', stranger);
        return stranger;
      }
      if (await accounts.findActive(session.accountId, session.loginTs)) return session;
      await session.destroy();
      const fresh = Fresh.instantiate({});
      ctx.oidc?.entity('Session', fresh);
      return fresh;
    },
  });
}

type IssuableIdToken = InstanceType<Provider['IdToken']> & { scope?: string | undefined };
type IssuableAccessToken = InstanceType<Provider['AccessToken']>;

function overrideTokens(provider: Provider, newRefreshToken: ProviderParts['newRefreshToken']): void {
  const { RefreshToken, IdToken } = provider;
  Object.assign(RefreshToken.prototype, {
    // The value was decided when the predecessor was used up (see `refresh-rotation.ts`).
    generateTokenId(this: { grantId?: string }): string {
      return currentScope()?.successor ?? newRefreshToken(this.grantId ?? '');
    },
  });
  const { issue } = IdToken.prototype;
  Object.assign(IdToken.prototype, {
    async issue(this: IssuableIdToken, options: Parameters<typeof issue>[0]) {
      const { ctx } = Provider;
      const client = ctx?.oidc.client;
      if (options.use === 'idtoken' && ctx && client && recordOf(client).claimsInIdToken) {
        this.scope = ctx.oidc.grant?.getOIDCScopeFiltered(grantedScopes(ctx)) ?? this.scope;
      }
      return issue.call(this, options);
    },
  });
}

function grantedScopes({ oidc }: NonNullable<typeof Provider.ctx>): Set<string> {
  const { AuthorizationCode, DeviceCode, RefreshToken } = oidc.entities;
  const source = RefreshToken ?? AuthorizationCode ?? DeviceCode;
  return oidc.requestParamScopes.size > 0 || !source ? oidc.requestParamScopes : new Set(source.scopes);
}

/** A token answered at /authorize is narrowed to what roles allow as well: the library narrows at the token endpoint alone. */
function narrowFrontChannelTokens({ AccessToken }: Provider, indicators: ResourceIndicators): void {
  const { save } = AccessToken.prototype;
  Object.assign(AccessToken.prototype, {
    async save(this: IssuableAccessToken) {
      const { ctx } = Provider;
      if (ctx && this.gty === 'implicit' && this.resourceServer) {
        const granted = await indicators.grantedAt(ctx, this.resourceServer.identifier());
        this.scope = [...this.scopes].filter((scope) => granted.has(scope)).join(' ');
      }
      return save.call(this);
    },
  });
}
