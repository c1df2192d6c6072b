import type { Context, Middleware, Next } from 'koa';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { createClientCache } from '../../domain/clients/client-cache.ts';
import { createAccountCache } from '../../domain/sessions/account-cache.ts';
import { createEnqueueLogout } from '../../domain/sessions/enqueue-logout.ts';
import { createRecordStore } from '../../domain/sessions/record-store.ts';
import { createRedeemOnce } from '../../domain/sessions/redeem-once.ts';
import { createUserAttributeLookup } from '../../domain/user-attributes/user-attribute-lookup.ts';
import { parseKeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import { createAccessTokenHelpers } from './access-tokens.ts';
import { createAdapterFactory } from './adapter.ts';
import { createBoundSessions } from './bound-sessions.ts';
import { createClientHelpers } from './client-helpers.ts';
import { createDirectAnswers } from './direct/direct-answers.ts';
import { createJwtSigner } from './direct/jwt-signer.ts';
import { createInteractionHelpers } from './interactions.ts';
import { createTokenGranted, createTokenState, type IssuedToken } from './introspection.ts';
import { createJwtAccessTokens } from './jwt-access-tokens.ts';
import type { ProviderHost, ProviderHostParts } from './parts.ts';
import { createProvider } from './provider.ts';
import { createPublished } from './published.ts';
import { createRefreshRotation } from './refresh-rotation.ts';
import { createClientRegistrations, createPermissionValues } from './registration.ts';
import { openScope } from './request-scope.ts';
import { createResourceIndicators } from './resource-servers.ts';
import { createResponseTypes } from './response-types.ts';
import { redrawSelfPostingPages } from './self-posting-page.tsx';
import { createSessionHelpers } from './sessions.ts';
import { createSettle } from './settle.ts';
import { createAdmitsRefresh } from './sign-in-policy.ts';
import { createUserClaims } from './user-claims.ts';

/** Hosts node-oidc-provider on our store, keys, clients, people and roles (DESIGN §4). */
export function createProviderHost(parts: ProviderHostParts): ProviderHost {
  const shared = shareAmongInstances(parts);
  const { store, responseTypes, userClaims, permissionValues, boundSessions } = shared;
  const { keyRing, changes, logger } = parts;

  let served = build(parts, shared, responseTypes.current());
  const swap = (): void => {
    served = build(parts, shared, responseTypes.current());
  };
  const failed = (error: unknown): void => logger.error({ error: String(error) }, 'provider could not be rebuilt');
  const follow = (what: { refresh(): Promise<boolean> }): Promise<void> =>
    what.refresh().then((changed) => (changed ? swap() : undefined), failed);
  const stopListening = [
    keyRing.onChange(swap),
    changes.subscribe('clients', () => void follow(responseTypes)),
    changes.subscribe('user-attributes', () => void follow(userClaims)),
  ];
  let starting: Promise<unknown> | undefined = Promise.all([follow(responseTypes), follow(userClaims)]).finally(() => {
    starting = undefined;
  });

  const current = (): Provider => served.provider;
  const settle = createSettle({ ...parts, store });
  const direct = createDirectAnswers(
    { ...parts, ...shared, sign: createJwtSigner(keyRing), observe: parts.observe ?? (() => undefined) },
    current,
  );
  const serveNow = (ctx: Context, next: Next): Promise<void> =>
    serve(served, { settle, permissionValues, boundSessions }, ctx, next);
  const middleware: Middleware = (ctx, next) =>
    starting === undefined ? serveNow(ctx, next) : starting.then(() => serveNow(ctx, next));
  return {
    middleware,
    published: (path) => served.published.find(path),
    direct: (req) => (starting === undefined ? direct(req) : undefined),
    current,
    findClient: shared.clients.find,
    interactions: createInteractionHelpers({ ...parts, store, current }),
    sessions: createSessionHelpers(current),
    boundSessions: shared.boundSessions.helpers(current),
    accessTokens: createAccessTokenHelpers({ ...parts, ...shared }),
    clients: createClientHelpers({
      current,
      fetch: parts.fetch,
      anyResponseType: () => build(parts, shared, responseTypes.all).provider,
    }),
    async stop() {
      for (const stop of stopListening) stop();
      await starting;
      await store.idle();
      await shared.redeemOnce.idle();
    },
  };
}

/** What stays when an instance is replaced. */
function shareAmongInstances(parts: ProviderHostParts) {
  const { pool, keyRing, clock } = parts;
  const envelopeKey = parseKeyEncryptionKey(keyRing.derive('record-envelope').toString('base64url'));
  const store = createRecordStore({ pool, envelopeKey, userCodeKey: keyRing.derive('user-code') });
  const clients = createClientCache(parts);
  const accounts = createAccountCache(parts);
  const isInForce = createTokenState({ clients, accounts });
  const isGranted = createTokenGranted(parts);
  return {
    ...{ store, clients, accounts },
    redeemOnce: createRedeemOnce(pool, envelopeKey),
    enqueueLogout: createEnqueueLogout(parts),
    boundSessions: createBoundSessions(parts),
    jwtAccessTokens: createJwtAccessTokens(parts),
    isInForce,
    isActive: async (token: IssuedToken) => (await isInForce(token)) && (await isGranted(token)),
    permissionValues: createPermissionValues(parts.resourceServers),
    responseTypes: createResponseTypes(parts.read),
    userAttributes: createUserAttributeLookup(parts),
    userClaims: createUserClaims(parts.read),
    registrations: createClientRegistrations(parts),
    admitsRefresh: createAdmitsRefresh(parts.decideSignIn),
    rotation: createRefreshRotation({
      store,
      clock,
      graceSeconds: parts.settings.refreshTokenGraceSeconds,
      key: keyRing.derive('refresh-token'),
    }),
  };
}

type Shared = ReturnType<typeof shareAmongInstances>;

function build(parts: ProviderHostParts, shared: Shared, extraResponseTypes: readonly string[]): Served {
  const provider = createProvider({
    ...parts,
    ...shared,
    extraResponseTypes,
    claims: shared.userClaims.current(),
    observe: parts.observe ?? (() => undefined),
    adapter: createAdapterFactory({ ...shared, clock: parts.clock }),
    indicators: createResourceIndicators(parts),
    permissionValues: shared.permissionValues.current,
    newRefreshToken: shared.rotation.newValue,
  });
  return { provider, answer: answerOf(provider), published: createPublished() };
}

/** One provider instance with what belongs to it; a request keeps the one it began with. */
type Served = {
  readonly provider: Provider;
  readonly answer: Middleware;
  readonly published: ReturnType<typeof createPublished>;
};

type ServeParts = {
  readonly settle: ReturnType<typeof createSettle>;
  readonly permissionValues: ReturnType<typeof createPermissionValues>;
  readonly boundSessions: ReturnType<typeof createBoundSessions>;
};

async function serve(served: Served, parts: ServeParts, ctx: Context, next: Next): Promise<void> {
  if (served.published.answers(ctx)) return;
  const scope = openScope(ctx);
  useCookiesOf(served.provider, ctx);
  // The library's check of registered scopes cannot wait for the database.
  if (ctx.path.startsWith('/register')) await parts.permissionValues.refresh();
  // The way back from an interaction takes everything from its record; with a client_id beside it the library fails (tried).
  if (ctx.path.startsWith('/authorize/')) ctx.search = '';
  let isOurs = true;
  await served.answer(ctx, () => {
    isOurs = false;
    Reflect.deleteProperty(ctx, 'cookies');
    return next();
  });
  if (!isOurs) return;
  if (ctx.path.startsWith('/authorize')) parts.boundSessions.offer(ctx, withOidc(ctx).oidc?.session);
  await parts.settle(withOidc(ctx), scope);
  served.published.keep(ctx);
}

/** The routes of the library; its own Koa layer is left out, because ours is around it. */
function answerOf(provider: Provider): Middleware {
  const answer = provider.middleware.at(-1);
  if (!answer) throw new Error('the library has no middleware');
  return (ctx, next) => redrawSelfPostingPages(ctx, () => answer(ctx, next));
}

/**
 * Signed with the provider's keys, and Secure because the issuer is https, whatever the last hop was. Made when they are first
 * asked for: most requests, those of applications, have none.
 */
function useCookiesOf(provider: Provider, ctx: Context): void {
  let made: Context['cookies'] | undefined;
  const make = (): Context['cookies'] => {
    const { cookies } = provider.createContext(ctx.req, ctx.res);
    cookies.secure = provider.issuer.startsWith('https:');
    return cookies;
  };
  Object.defineProperty(ctx, 'cookies', {
    configurable: true,
    get() {
      made ??= make();
      return made;
    },
  });
}

const withOidc = (ctx: Context): KoaContextWithOIDC => ctx as unknown as KoaContextWithOIDC;
