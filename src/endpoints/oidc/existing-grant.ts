import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { type ConsentedTo, findConsent } from '../../domain/clients/consents.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { recordOf } from './client-overrides.ts';

/**
 * Consent is remembered per person and client (our row); a grant is made from it for each sign-in session and never shared
 * between sessions, because logout and reuse of a token destroy it. A first-party client is given what it asks for.
 */
export function createLoadExistingGrant(read: Reader) {
  return async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { client, account, session } = ctx.oidc;
    if (!client || !account || !session) return undefined;
    const asked = askedFor(ctx);
    const existing = await findGrant(ctx, session.grantIdFor(client.clientId));
    if (existing && covers(existing, asked)) return existing;
    const consented = recordOf(client).firstParty
      ? asked
      : await findConsent(read, { userId: account.accountId, clientId: client.clientId });
    const granted = consented ? both(asked, consented) : NOTHING;
    if (isNothing(granted)) return existing;
    const grant = existing ?? new ctx.oidc.provider.Grant({ accountId: account.accountId, clientId: client.clientId });
    if (granted.scopes.length > 0) grant.addOIDCScope([...granted.scopes]);
    if (granted.claims.length > 0) grant.addOIDCClaims([...granted.claims]);
    for (const [resource, values] of Object.entries(granted.resourceScopes)) {
      if (values.length > 0) grant.addResourceScope(resource, [...values]);
    }
    await grant.save();
    return grant;
  };
}

const NOTHING: ConsentedTo = { scopes: [], claims: [], resourceScopes: {} };

/** What this authorization request asks for, as far as it exists. */
export function askedFor({ oidc }: KoaContextWithOIDC): ConsentedTo {
  const requested = oidc.requestParamScopes;
  return {
    scopes: [...oidc.requestParamOIDCScopes],
    claims: [...oidc.requestParamClaims],
    resourceScopes: Object.fromEntries(
      Object.entries(oidc.resourceServers ?? {}).map(([resource, { scopes }]) => [
        resource,
        [...requested].filter((scope) => scopes.has(scope)),
      ]),
    ),
  };
}

async function findGrant(ctx: KoaContextWithOIDC, grantId: string | undefined): Promise<Grant | undefined> {
  const grant = grantId === undefined ? undefined : await ctx.oidc.provider.Grant.find(grantId);
  const isOwn = grant?.accountId === ctx.oidc.account?.accountId && grant?.clientId === ctx.oidc.client?.clientId;
  return isOwn ? grant : undefined;
}

function covers(grant: Grant, asked: ConsentedTo): boolean {
  const scopes = new Set(grant.getOIDCScope().split(' '));
  const claims = new Set(grant.getOIDCClaims());
  return (
    asked.scopes.every((scope) => scopes.has(scope)) &&
    asked.claims.every((claim) => claims.has(claim)) &&
    Object.entries(asked.resourceScopes).every(([resource, values]) => {
      const granted = new Set(grant.getResourceScope(resource).split(' '));
      return values.every((value) => granted.has(value));
    })
  );
}

function both(asked: ConsentedTo, consented: ConsentedTo): ConsentedTo {
  const within = (values: readonly string[], allowed: readonly string[] = []): string[] =>
    values.filter((value) => allowed.includes(value));
  return {
    scopes: within(asked.scopes, consented.scopes),
    claims: within(asked.claims, consented.claims),
    resourceScopes: Object.fromEntries(
      Object.entries(asked.resourceScopes).map(([resource, values]) => [
        resource,
        within(values, consented.resourceScopes[resource]),
      ]),
    ),
  };
}

const isNothing = ({ scopes, claims, resourceScopes }: ConsentedTo): boolean =>
  scopes.length === 0 && claims.length === 0 && Object.values(resourceScopes).every((values) => values.length === 0);
