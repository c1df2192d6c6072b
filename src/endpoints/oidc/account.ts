import type { Account, AccountClaims, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { AccessLookup } from '../../domain/access/access-lookup.ts';
import type { ResourceServerLookup } from '../../domain/clients/resource-server-lookup.ts';
import type { DecideSignIn } from '../../domain/policy/decide-sign-in.ts';
import type { AccountCache } from '../../domain/sessions/account-cache.ts';
import type { UserAttributeLookup } from '../../domain/user-attributes/user-attribute-lookup.ts';
import { CUSTOM } from '../../domain/users/custom-input.ts';
import type { User } from '../../domain/users/user.ts';
import type { Clock } from '../../kernel/clock.ts';
import { personClaims } from './claims.ts';
import { type OrganizationOf, organizationClaims } from './organization.ts';
import { createAdmitsRefresh } from './sign-in-policy.ts';
import { customClaims } from './user-claims.ts';

export type AccountParts = {
  readonly accounts: AccountCache;
  readonly access: AccessLookup;
  readonly resourceServers: ResourceServerLookup;
  readonly userAttributes: UserAttributeLookup;
  readonly clock: Clock;
};

/**
 * Someone inactive is not found, nor someone whose sign-in is older than the moment their access was last ended: the
 * library then refuses code, refresh token, device code, session and access token alike.
 */
export function createFindAccount(parts: FindAccountParts): NonNullable<Configuration['findAccount']> {
  const admitsRefresh = createAdmitsRefresh(parts.decideSignIn);
  return async (ctx, accountId, token) => {
    // Never a token's `iat`: a refresh in flight renews it (DESIGN §2).
    const since = token && 'authTime' in token ? token.authTime : token ? undefined : ctx.oidc.session?.loginTs;
    const user = await parts.accounts.findActive(accountId, since);
    if (!user || (token && !(await admitsRefresh(token)))) return undefined;
    return accountOf(parts, ctx, user);
  };
}

type FindAccountParts = AccountParts & {
  readonly organizationOf: OrganizationOf;
  readonly decideSignIn: DecideSignIn;
};

function accountOf(parts: FindAccountParts, ctx: KoaContextWithOIDC, user: User): Account {
  return {
    accountId: user.id,
    async claims(_use, scope, requested) {
      const asked = new Set([...scope.split(' '), ...Object.keys(requested)]);
      const claims = await claimsOf(parts, user, asked, () => namedResources(ctx));
      const within = asked.has('organization') || asked.has('org_id') ? await parts.organizationOf(ctx) : undefined;
      return within === undefined ? claims : { ...claims, ...organizationClaims(within) };
    },
  };
}

/** Everything there is about a person, of which the library takes what was asked for. */
export async function claimsOf(
  parts: Omit<AccountParts, 'accounts'>,
  user: User,
  asked: ReadonlySet<string>,
  named: () => readonly string[],
): Promise<AccountClaims> {
  const wants = (name: string): boolean => asked.has(name);
  const custom = user[CUSTOM] === undefined ? {} : customClaims(await parts.userAttributes.all(), user);
  const claims = { ...custom, ...personClaims(user) };
  if (!wants('roles') && !wants('groups') && !wants('permissions')) return claims;
  const access = await parts.access.forUser(user.id, parts.clock.now());
  return {
    ...claims,
    ...(wants('roles') ? { roles: access.roles } : {}),
    ...(wants('groups') ? { groups: access.groups } : {}),
    ...(wants('permissions') ? { permissions: await permissionsFor(parts, named(), access.permissions) } : {}),
  };
}

/** Permissions at the resource servers this client deals with; at the only one there is when it named none. */
async function permissionsFor(
  { resourceServers }: Pick<AccountParts, 'resourceServers'>,
  named: readonly string[],
  permissions: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<string[]> {
  const audiences = named.length > 0 ? named : await theOnlyOne(resourceServers);
  return [...new Set([...audiences].flatMap((audience) => [...(permissions.get(audience) ?? [])]))].sort();
}

function namedResources({ oidc }: KoaContextWithOIDC): readonly string[] {
  const { AuthorizationCode, RefreshToken, DeviceCode } = oidc.entities;
  const sources = [AuthorizationCode?.resource, RefreshToken?.resource, DeviceCode?.resource, oidc.params?.resource];
  const granted = Object.keys(oidc.grant?.resources ?? {});
  return [...new Set([...granted, ...sources.flat().filter((one) => typeof one === 'string')])];
}

async function theOnlyOne(resourceServers: ResourceServerLookup): Promise<readonly string[]> {
  const own = (await resourceServers.all()).filter((server) => !server.builtIn);
  return own.length === 1 ? own.map((server) => server.identifier) : [];
}
