import type { Client, Provider } from 'oidc-provider';
import type { AccessLookup } from '../../../domain/access/access-lookup.ts';
import type { KnownResourceServer, ResourceServerLookup } from '../../../domain/clients/resource-server-lookup.ts';
import type { RecordStore } from '../../../domain/sessions/record-store.ts';
import { REFERENCE_CLAIM } from '../../../domain/sessions/signed-access-tokens.ts';
import type { Actor } from '../../../kernel/actor.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { randomToken } from '../../../kernel/crypto/derive.ts';
import { auditRow } from '../../../persistence/audit-rows.ts';
import type { JwtAccessTokens } from '../jwt-access-tokens.ts';
import type { ProviderObservation } from '../parts.ts';
import { authenticate } from './direct-client.ts';
import type { JwtSigner } from './jwt-signer.ts';
import type { BasicCredentials, PlainForm } from './plain-request.ts';

export type ClientCredentialsParts = {
  readonly issuer: string;
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly access: AccessLookup;
  readonly resourceServers: ResourceServerLookup;
  readonly jwtAccessTokens: JwtAccessTokens;
  readonly sign: JwtSigner;
  readonly observe: (observation: ProviderObservation) => void;
};

/** Who asks, for the audit log. */
export type RequestFacts = Pick<Actor, 'requestId' | 'ipAddress' | 'userAgent'>;

const PARAMETERS: ReadonlySet<string> = new Set(['grant_type', 'scope', 'resource']);

/** RFC 6749 §4.4 for one resource server; undefined where the library has something to refuse or to decide. */
export function createDirectClientCredentials(parts: ClientCredentialsParts) {
  return async (
    provider: Provider,
    form: PlainForm,
    credentials: BasicCredentials,
    facts: RequestFacts,
  ): Promise<object | undefined> => {
    if (form.get('grant_type') !== 'client_credentials' || ![...form.keys()].every((name) => PARAMETERS.has(name)))
      return undefined;
    const known = await authenticate(provider, credentials);
    if (!known || !isPlain(known.client) || known.record.securityProfile !== undefined) return undefined;
    const granted = await grantedScopes(parts, known.client, form);
    return granted && issue(parts, known.client, granted, facts);
  };
}

const isPlain = (client: Client): boolean =>
  client.grantTypeAllowed('client_credentials') &&
  client.scope === undefined &&
  client.dpopBoundAccessTokens !== true &&
  client.tlsClientCertificateBoundAccessTokens !== true;

type Granted = { readonly server: KnownResourceServer; readonly scopes: readonly string[] };

/** `scope` = requested ∩ granted (DESIGN §8). Everything requested must be known here, and something must be left. */
async function grantedScopes(
  { access, resourceServers, clock }: ClientCredentialsParts,
  { clientId }: Client,
  form: PlainForm,
): Promise<Granted | undefined> {
  const requested = form.get('scope')?.split(' ');
  const identifier = form.get('resource');
  const server =
    identifier === undefined ? await ownerOf(resourceServers, requested) : await resourceServers.find(identifier);
  if (!server || requested?.some((value) => !server.permissions.has(value))) return undefined;
  const granted = (await access.forClient(clientId, clock.now())).permissions.get(server.identifier);
  const scopes = [...new Set(requested ?? server.permissions.keys())].filter((value) => granted?.has(value));
  return scopes.length === 0 ? undefined : { server, scopes };
}

async function ownerOf(
  resourceServers: ResourceServerLookup,
  [first]: readonly string[] = [],
): Promise<KnownResourceServer | undefined> {
  const owners = first === undefined ? [] : await resourceServers.owningPermission(first);
  return owners.length === 1 ? owners[0] : undefined;
}

async function issue(
  parts: ClientCredentialsParts,
  { clientId }: Client,
  { server, scopes }: Granted,
  facts: RequestFacts,
): Promise<object> {
  const now = parts.clock.now();
  const iat = Math.floor(now.getTime() / 1000);
  const token = {
    clientId,
    iat,
    exp: iat + server.accessTokenLifetimeSeconds,
    jti: randomToken(),
    scope: scopes.join(' '),
    extra: { permissions: scopes },
    aud: server.identifier,
  };
  const isOpaque = server.accessTokenFormat === 'opaque';
  const value = isOpaque ? token.jti : await signed(parts, server, token);
  const expiresAt = new Date(now.getTime() + server.accessTokenLifetimeSeconds * 1000);
  const payload = { ...token, kind: 'ClientCredentials' };
  const event = {
    type: 'tokens.issued',
    details: {
      grantType: 'client_credentials',
      tokens: ['access_token'],
      scope: token.scope,
      resource: server.identifier,
    },
  };
  const audit = auditRow(event, { type: 'client', id: clientId, clientId, ...facts }, now);
  const upserts = isOpaque ? [{ model: 'ClientCredentials', id: value, payload, expiresAt }] : [];
  await parts.store.withAudit({ upserts, audit: [audit] });
  parts.observe({ kind: 'tokens.issued', grantType: 'client_credentials' });
  return {
    access_token: value,
    expires_in: server.accessTokenLifetimeSeconds,
    scope: token.scope,
    token_type: 'Bearer',
  };
}

type Token = {
  readonly clientId: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly scope: string;
  readonly extra: object;
  readonly aud: string;
};

/** RFC 9068 §2. */
const signed = (
  { issuer, jwtAccessTokens, sign }: ClientCredentialsParts,
  { signingAlg, accessTokenType }: KnownResourceServer,
  { clientId, iat, exp, jti, scope, extra, aud }: Token,
): Promise<string> =>
  sign(signingAlg, accessTokenType, {
    ...extra,
    jti,
    sub: clientId,
    iat,
    exp,
    scope,
    client_id: clientId,
    iss: issuer,
    aud,
    [REFERENCE_CLAIM]: jwtAccessTokens.referenceFor({ kind: 'ClientCredentials' }, jti),
  });
