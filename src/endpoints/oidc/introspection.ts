import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { AccessLookup } from '../../domain/access/access-lookup.ts';
import type { EffectiveAccess } from '../../domain/access/effective-access.ts';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import type { AccountCache } from '../../domain/sessions/account-cache.ts';
import type { Clock } from '../../kernel/clock.ts';
import { standardScopes } from './claims.ts';
import { organizationIdOf, organizationRolesOf } from './organization.ts';

export type TokenStateParts = { readonly clients: ClientCache; readonly accounts: AccountCache };

/** What introspection, revocation and our own doors know of a token. */
export type IssuedToken = {
  readonly clientId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly authTime?: number | undefined;
  readonly iat?: number | undefined;
  readonly aud?: string | readonly string[] | undefined;
  readonly scope?: string | undefined;
  readonly extra?: unknown;
};

/** The library asks neither for the client nor for the person behind a token (DESIGN §4): both must still be let in. */
export function createTokenState({ clients, accounts }: TokenStateParts) {
  return async ({ clientId, accountId, authTime, iat = 0 }: IssuedToken): Promise<boolean> => {
    const client = clientId === undefined ? undefined : await clients.find(clientId);
    if (!client?.enabled) return false;
    if (client.accessValidFrom && iat < Math.floor(client.accessValidFrom.getTime() / 1000)) return false;
    return accountId === undefined || (await accounts.findActive(accountId, authTime)) !== undefined;
  };
}

export type TokenState = ReturnType<typeof createTokenState>;

/**
 * RFC 7662 §2.2: a token is active when it may be used for what it says. One whose scope holds a permission that its person, or its
 * client, does not have any more may not, nor one that names an organization, or roles there, that are not theirs any more. Our
 * own doors narrow instead: they see the permissions behind the token.
 */
export function createTokenGranted({ access, clock }: { readonly access: AccessLookup; readonly clock: Clock }) {
  return async ({ clientId = '', accountId, aud, scope = '', extra }: IssuedToken): Promise<boolean> => {
    const values = scope.split(' ').filter((value) => value !== '' && !standardScopes.has(value));
    const audiences = [aud ?? []].flat();
    const isGranted = ({ permissions }: Pick<EffectiveAccess, 'permissions'>): boolean =>
      audiences.length === 0 ||
      values.every((value) => audiences.some((audience) => permissions.get(audience)?.has(value)));
    const at = clock.now();
    const organizationId = organizationIdOf({ extra });
    if (accountId !== undefined && organizationId !== undefined) {
      const within = await access.inOrganization(accountId, organizationId, at);
      return within !== undefined && organizationRolesOf({ extra }).every(isIn(within.roles)) && isGranted(within);
    }
    if (values.length === 0 || audiences.length === 0) return true;
    return isGranted(await (accountId === undefined ? access.forClient(clientId, at) : access.forUser(accountId, at)));
  };
}

const isIn =
  (roles: readonly string[]) =>
  (role: string): boolean =>
    roles.includes(role);

/** A client introspects its own tokens, a resource server those for it: its client_id is its identifier (RFC 7662 §4). */
export function mayIntrospect({ clientId }: { readonly clientId: string }, token: IssuedToken): boolean {
  const audiences: readonly (string | undefined)[] = [token.aud].flat();
  return token.clientId === clientId || audiences.includes(clientId);
}

export function createIntrospectionPolicy(isActive: TokenState) {
  return async (_ctx: KoaContextWithOIDC, client: { clientId: string }, token: IssuedToken): Promise<boolean> =>
    mayIntrospect(client, token) && isActive(token);
}

/** RFC 7009 §2.1: a token is revoked by the client it was issued to. */
export function revocationPolicy(
  _ctx: KoaContextWithOIDC,
  client: { clientId: string; clientAuthMethod?: string | undefined },
  token: IssuedToken,
): boolean {
  if (token.clientId === client.clientId) return true;
  if (client.clientAuthMethod === 'none') return false;
  throw new errors.InvalidRequest('client is not authorized to revoke the presented token');
}
