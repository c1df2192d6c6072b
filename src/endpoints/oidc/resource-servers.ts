import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import type { AccessLookup } from '../../domain/access/access-lookup.ts';
import type { KnownResourceServer, ResourceServerLookup } from '../../domain/clients/resource-server-lookup.ts';
import type { DecideSignIn } from '../../domain/policy/decide-sign-in.ts';
import type { Clock } from '../../kernel/clock.ts';
import { standardScopes } from './claims.ts';
import { createOrganizationOf } from './organization.ts';

export type ResourceServerParts = {
  readonly resourceServers: ResourceServerLookup;
  readonly access: AccessLookup;
  readonly clock: Clock;
  readonly decideSignIn: DecideSignIn;
};

const NOTHING: ReadonlySet<string> = new Set();

/** RFC 8707: which resource servers there are, which one is meant, and what may be done there. */
export function createResourceIndicators({ resourceServers, access, clock, decideSignIn }: ResourceServerParts) {
  const organizationOf = createOrganizationOf({ access, clock, decideSignIn });
  /** What the person, or the client itself, is granted there now: asked at every issuance (DESIGN §8). */
  const grantedAt = async (ctx: KoaContextWithOIDC, identifier: string): Promise<ReadonlySet<string>> => {
    const { account, client } = ctx.oidc;
    const at = clock.now();
    const effective = account
      ? ((await organizationOf(ctx)) ?? (await access.forUser(account.accountId, at)))
      : client && isClientCredentials(ctx)
        ? await access.forClient(client.clientId, at)
        : undefined;
    return effective?.permissions.get(identifier) ?? NOTHING;
  };

  const infoFor = async (ctx: KoaContextWithOIDC, identifier: string): Promise<ResourceServer> => {
    const server = await resourceServers.find(identifier);
    if (!server) throw new errors.InvalidTarget(undefined, `no resource server ${identifier}`);
    // At /authorize it is the whole set: narrowing there would ask for consent again and again (DESIGN §4).
    const all = withinClientScope(ctx, [...server.permissions.keys()]);
    if (ctx.oidc.route !== 'token') return resourceServerInfo(server, all);
    const granted = await grantedAt(ctx, identifier);
    const values = all.filter((value) => granted.has(value));
    // RFC 6749 §3.3: without `scope` a client gets its default, which is all it was granted here.
    if (isClientCredentials(ctx) && values.length > 0 && ctx.oidc.params && !ctx.oidc.params.scope)
      ctx.oidc.params.scope = values.join(' ');
    return resourceServerInfo(server, values);
  };

  const defaultFor = async (
    ctx: KoaContextWithOIDC,
    oneOf?: readonly string[],
  ): Promise<string | string[] | undefined> => {
    if (oneOf) return oneOf.length === 1 ? oneOf[0] : [...oneOf];
    const requested = [...ctx.oidc.requestParamScopes].filter((scope) => !standardScopes.has(scope));
    if (requested.length > 0) return theOneWith(resourceServers, requested);
    if (!isClientCredentials(ctx) || ctx.oidc.requestParamScopes.size > 0 || !ctx.oidc.client) return undefined;
    const { permissions } = await access.forClient(ctx.oidc.client.clientId, clock.now());
    return onlyOne([...permissions.keys()], 'the client has permissions at');
  };

  return { infoFor, defaultFor, grantedAt };
}

export type ResourceIndicators = ReturnType<typeof createResourceIndicators>;

const isClientCredentials = ({ oidc }: KoaContextWithOIDC): boolean =>
  oidc.route === 'token' && oidc.params?.grant_type === 'client_credentials';

/** RFC 7591 §2 `scope`: a client that registered one never gets more. */
function withinClientScope({ oidc }: KoaContextWithOIDC, values: readonly string[]): readonly string[] {
  const registered = oidc.client?.scope;
  if (registered === undefined) return values;
  const allowed = new Set(registered.split(' '));
  return values.filter((value) => allowed.has(value));
}

/** DESIGN §8: when all requested permissions belong to exactly one resource server, that one is meant. Unknown ones are dropped. */
async function theOneWith(lookup: ResourceServerLookup, requested: readonly string[]): Promise<string | undefined> {
  const owners = await Promise.all(requested.map((value) => lookup.owningPermission(value)));
  const known = owners.filter((servers) => servers.length > 0).map((servers) => servers.map((one) => one.identifier));
  const candidates = [...new Set(known.flat())];
  const complete = candidates.filter((identifier) => known.every((servers) => servers.includes(identifier)));
  const [only, ...more] = complete;
  if (only !== undefined && more.length === 0) return only;
  return onlyOne(complete.length > 0 ? complete : candidates, 'the requested scopes belong to');
}

function onlyOne(identifiers: readonly string[], what: string): string | undefined {
  if (identifiers.length <= 1) return identifiers[0];
  const named = [...identifiers].sort().join(', ');
  throw new errors.InvalidTarget(`${what} several resource servers: ${named}; name one with the resource parameter`);
}

function resourceServerInfo(server: KnownResourceServer, values: readonly string[]): ResourceServer {
  return {
    scope: values.join(' '),
    audience: server.identifier,
    accessTokenTTL: server.accessTokenLifetimeSeconds,
    accessTokenFormat: server.accessTokenFormat,
    jwt: { sign: { alg: server.signingAlg } },
  };
}
