import type { Configuration } from 'oidc-provider';
import type { OrganizationOf } from './organization.ts';

/**
 * DESIGN §8: `permissions` in an access token for a resource server, never more than its scope, which was narrowed before; and the
 * organization it is for, with the person's roles there.
 */
export function createExtraTokenClaims(organizationOf: OrganizationOf): NonNullable<Configuration['extraTokenClaims']> {
  return async (ctx, token) => {
    const within = await organizationOf(ctx);
    const organization = within === undefined ? {} : { org_id: within.id, org_roles: within.roles };
    if (token.resourceServer === undefined || !('scope' in token)) return within && organization;
    const { scopes } = token.resourceServer;
    return { permissions: [...token.scopes].filter((scope) => scope !== '' && scopes.has(scope)), ...organization };
  };
}
