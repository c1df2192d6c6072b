import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { AccessLookup } from '../../domain/access/access-lookup.ts';
import type { OrganizationAccess } from '../../domain/access/organization-access.ts';
import type { DecideSignIn } from '../../domain/policy/decide-sign-in.ts';
import type { Clock } from '../../kernel/clock.ts';
import { assertOrganizationPolicy } from './sign-in-policy.ts';

export type OrganizationParts = {
  readonly access: Pick<AccessLookup, 'inOrganization'>;
  readonly clock: Clock;
  readonly decideSignIn: DecideSignIn;
};

export type OrganizationOf = (ctx: KoaContextWithOIDC) => Promise<OrganizationAccess | undefined>;

/** The organization that an access token is for, from what is kept of it. */
export function organizationIdOf({ extra }: { readonly extra?: unknown }): string | undefined {
  const id = typeof extra === 'object' && extra !== null && 'org_id' in extra ? extra.org_id : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** The roles there that it says its person has. */
export function organizationRolesOf({ extra }: { readonly extra?: unknown }): readonly string[] {
  const roles = typeof extra === 'object' && extra !== null && 'org_roles' in extra ? extra.org_roles : undefined;
  return Array.isArray(roles) ? roles.map(String) : [];
}

/**
 * `organization` in a token request: the tokens it is answered with are for that organization (ADR 0047), and roles within it are
 * what counts. At userinfo: what the access token is for. Throws `invalid_target` for who is no member.
 */
export function createOrganizationOf({ access, clock, decideSignIn }: OrganizationParts): OrganizationOf {
  const found = new WeakMap<KoaContextWithOIDC, Promise<OrganizationAccess | undefined>>();
  const find = async (ctx: KoaContextWithOIDC): Promise<OrganizationAccess | undefined> => {
    const { oidc } = ctx;
    const isAsked = oidc.route === 'token';
    const id = isAsked ? oidc.body?.organization : organizationIdOf({ extra: oidc.entities.AccessToken?.extra });
    if (id === undefined) return undefined;
    const { account } = oidc;
    const within =
      account && typeof id === 'string' ? await access.inOrganization(account.accountId, id, clock.now()) : undefined;
    if (within === undefined && isAsked)
      throw new errors.InvalidTarget('there is no such organization, or this person is no member of it');
    if (within !== undefined && isAsked) await assertOrganizationPolicy(decideSignIn, ctx, within.id);
    return within;
  };
  return (ctx) => {
    const known = found.get(ctx) ?? find(ctx);
    found.set(ctx, known);
    return known;
  };
}

/** DESIGN §8. */
export const organizationClaims = ({ id, name, roles, teams }: OrganizationAccess): Record<string, unknown> => ({
  org_id: id,
  org_name: name,
  org_roles: roles,
  org_teams: teams,
});
