import type { AccessLookup } from '../../domain/access/access-lookup.ts';
import type { EffectiveAccess } from '../../domain/access/effective-access.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { BearerOutcome, BearerRequest, VerifyBearer } from './bearer.ts';
import { checkDpopProof } from './dpop-proof.ts';

export type TokenFacts = {
  readonly clientId: string;
  readonly accountId: string | undefined;
  readonly audience: string | undefined;
  readonly scopes: ReadonlySet<string>;
  readonly jkt: string | undefined;
  /** The organization that a person's token is for. */
  readonly organizationId: string | undefined;
};

export type BearerParts = {
  /** Signature, expiry, revocation, and the state of account, grant and client; undefined means not active. */
  readonly verifyToken: (token: string) => Promise<TokenFacts | undefined>;
  /** False when this proof was seen before (RFC 9449 §11.1). */
  readonly useProofOnce: (jkt: string, jti: string) => Promise<boolean>;
  readonly access: AccessLookup;
  readonly clock: Clock;
};

/** A token opens a door with its scope ∩ what its subject is granted at this moment: a role taken away counts at once. */
export function createBearerVerifier(parts: BearerParts): VerifyBearer {
  return async (request, resource) => {
    const facts = await parts.verifyToken(request.token);
    if (facts === undefined || facts.audience !== resource)
      return refused('invalid_token', 'the access token is not valid for this resource');
    const binding = await checkBinding(parts, request, facts);
    if (binding !== undefined) return binding;
    const now = parts.clock.now();
    const access = await accessOf(parts, facts, now);
    if (access === undefined)
      return refused('invalid_token', 'the access token is for an organization that it no longer opens');
    const granted = access.permissions.get(resource) ?? new Set<string>();
    return {
      outcome: 'accepted',
      actor: {
        ...actorOf(request, facts),
        ...(access.organizationId === undefined ? {} : { organizationId: access.organizationId }),
      },
      permissions: new Set([...facts.scopes].filter((scope) => granted.has(scope))),
    };
  };
}

type Access = Pick<EffectiveAccess, 'permissions' | 'organizationId'>;

/** Of a person within the organization that the token is for; of a client within the one it belongs to. */
async function accessOf(
  { access }: BearerParts,
  { accountId, clientId, organizationId }: TokenFacts,
  now: Date,
): Promise<Access | undefined> {
  if (accountId === undefined) return access.forClient(clientId, now);
  if (organizationId === undefined) return access.forUser(accountId, now);
  const within = await access.inOrganization(accountId, organizationId, now);
  return within && { permissions: within.permissions, organizationId };
}

async function checkBinding(
  parts: BearerParts,
  request: BearerRequest,
  facts: TokenFacts,
): Promise<BearerOutcome | undefined> {
  if (facts.jkt === undefined)
    return request.scheme === 'Bearer' ? undefined : refused('invalid_token', 'the access token is not bound to a key');
  if (request.scheme !== 'DPoP' || request.dpopProof === undefined)
    return refused('invalid_token', 'the access token is bound to a key and needs a DPoP proof');
  const { dpopProof: proof, token, method, url } = request;
  const jti = await checkDpopProof({ proof, token, jkt: facts.jkt, method, url, now: parts.clock.now() });
  if (jti === undefined || !(await parts.useProofOnce(facts.jkt, jti)))
    return refused('invalid_dpop_proof', 'the DPoP proof does not hold');
  return undefined;
}

function actorOf({ requestId, ipAddress, userAgent }: BearerRequest, { accountId, clientId }: TokenFacts): Actor {
  const origin = { requestId, ipAddress, ...(userAgent === undefined ? {} : { userAgent }) };
  return accountId === undefined
    ? { type: 'client', id: clientId, ...origin }
    : { type: 'user', id: accountId, clientId, ...origin };
}

const refused = (error: 'invalid_token' | 'invalid_dpop_proof', description: string): BearerOutcome => ({
  outcome: 'refused',
  error,
  description,
});
