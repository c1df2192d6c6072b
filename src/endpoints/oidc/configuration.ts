import type { AdapterFactory, Configuration, JWKS } from 'oidc-provider';
import { acr } from '../../domain/authentication/next-factor.ts';
import type { AccountCache } from '../../domain/sessions/account-cache.ts';
import { REFERENCE_CLAIM } from '../../domain/sessions/signed-access-tokens.ts';
import type { UserAttributeLookup } from '../../domain/user-attributes/user-attribute-lookup.ts';
import { randomToken } from '../../kernel/crypto/derive.ts';
import { createFindAccount } from './account.ts';
import { findRecordOf } from './client-overrides.ts';
import { createCookieSigner } from './cookie-signer.ts';
import { clientBasedCORS } from './cors.ts';
import { createLoadExistingGrant } from './existing-grant.ts';
import { createExtraTokenClaims } from './extra-token-claims.ts';
import { createInteractionPolicy } from './interaction-policy.ts';
import { createIntrospectionPolicy, revocationPolicy, type TokenState } from './introspection.ts';
import type { JwtAccessTokens } from './jwt-access-tokens.ts';
import { ttl } from './lifetimes.ts';
import { createOrganizationOf } from './organization.ts';
import { devicePages, logoutPages, renderError } from './pages.tsx';
import type { ProviderHostParts } from './parts.ts';
import type { ResourceIndicators } from './resource-servers.ts';
import { agreementPrompt, createDecisions, policyChecks } from './sign-in-policy.ts';
import { inSigningOrder, ServerSigningKey } from './signing-key.ts';

export type ConfigurationParts = Pick<
  ProviderHostParts,
  'issuer' | 'keyRing' | 'read' | 'access' | 'resourceServers' | 'clock' | 'fetch' | 'settings' | 'decideSignIn'
> & {
  readonly adapter: AdapterFactory;
  readonly accounts: AccountCache;
  readonly indicators: ResourceIndicators;
  /** For introspection. */
  readonly isActive: TokenState;
  readonly jwtAccessTokens: JwtAccessTokens;
  /** Beside `code`: what some client was allowed. */
  readonly extraResponseTypes: readonly string[];
  readonly claims: NonNullable<Configuration['claims']>;
  readonly userAttributes: UserAttributeLookup;
};

export const routes = {
  authorization: '/authorize',
  code_verification: '/device',
  device_authorization: '/device/authorize',
  end_session: '/logout',
  introspection: '/introspect',
  jwks: '/jwks',
  pushed_authorization_request: '/par',
  registration: '/register',
  revocation: '/revoke',
  token: '/token',
  userinfo: '/userinfo',
} as const;

export function createConfiguration(parts: ConfigurationParts): Configuration {
  const organizationOf = createOrganizationOf(parts);
  const decisions = createDecisions(parts.decideSignIn, parts.issuer);
  return {
    adapter: parts.adapter,
    acrValues: Object.values(acr),
    claims: parts.claims,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'],
    clientBasedCORS,
    clientDefaults: { id_token_signed_response_alg: 'RS256' },
    clockTolerance: 5,
    cookies: cookies(parts),
    extraTokenClaims: createExtraTokenClaims(organizationOf),
    features: features(parts),
    fetch: (url, options) => parts.fetch(url, withoutDispatcher(options)),
    fetchResponseBodyLimits: { jwks_uri: 64 * 1024, sector_identifier_uri: 64 * 1024 },
    findAccount: createFindAccount({ ...parts, organizationOf }),
    formats: {
      customizers: {
        async jwt(_ctx, token, jwt) {
          const { jti } = jwt.payload;
          if (typeof jti === 'string') jwt.payload[REFERENCE_CLAIM] = parts.jwtAccessTokens.referenceFor(token, jti);
          const server = await parts.resourceServers.find(token.resourceServer?.identifier() ?? '');
          if (server) jwt.header = { ...jwt.header, typ: server.accessTokenType };
        },
      },
    },
    discovery: { prompt_values_supported: promptValues(parts.settings) },
    interactions: {
      policy: createInteractionPolicy(
        { checks: policyChecks(decisions.of), prompt: agreementPrompt(decisions.of) },
        parts.settings,
      ),
      url: (_ctx, { uid }) => interactionPath(parts.issuer, uid),
    },
    // A client that may refresh gets a token to do so: with offline_access it outlives the session, without it does not.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    jwks: { keys: signingKeys(parts.keyRing) },
    loadExistingGrant: createLoadExistingGrant(parts.read),
    pkce: {
      required: (_ctx, client) => client.clientAuthMethod === 'none' || findRecordOf(client)?.requirePkce !== false,
    },
    renderError,
    responseTypes: ['code', ...parts.extraResponseTypes],
    // RFC 9700 §4.14.2: always, for confidential clients too.
    rotateRefreshToken: true,
    routes,
    scopes: ['openid', 'offline_access'],
    ttl: ttl(decisions.isUse),
  } as Configuration;
}

/** OpenID Initiating User Registration 1.0 §3.1. */
const promptValues = ({ offersSignUp }: ConfigurationParts['settings']): readonly string[] => [
  ...['none', 'login', 'consent'],
  ...(offersSignUp ? ['create'] : []),
];

/** Below the issuer's own path, where it has one. */
const interactionPath = (issuer: string, uid: string): string =>
  `${new URL(issuer).pathname.replace(/\/$/, '')}/interaction/${uid}`;

/** OIDC and RFC 6265bis §4.1.3: `__Host-` pins the session to this very host; the others have a path and so `__Secure-`. */
export function cookieNames(issuer: string): { session: string; interaction: string; resume: string } {
  const isHttps = issuer.startsWith('https:');
  return {
    session: isHttps ? '__Host-doorward_session' : 'doorward_session',
    interaction: isHttps ? '__Secure-doorward_interaction' : 'doorward_interaction',
    resume: isHttps ? '__Secure-doorward_resume' : 'doorward_resume',
  };
}

export function cookies({ issuer, keyRing }: ConfigurationParts) {
  const options = { httpOnly: true, sameSite: 'lax', signed: true, secure: issuer.startsWith('https:') } as const;
  return {
    names: cookieNames(issuer),
    keys: createCookieSigner(keyRing.derive('cookies')),
    long: { ...options, path: '/' },
    short: options,
  } satisfies Configuration['cookies'];
}

const signingKeys = (keyRing: ConfigurationParts['keyRing']): JWKS['keys'] =>
  inSigningOrder(keyRing.current().signing).map((key) => new ServerSigningKey(key)) as unknown as JWKS['keys'];

function features(parts: ConfigurationParts): Configuration['features'] {
  const { clientRegistration } = parts.settings;
  const isRegistrationOn = clientRegistration !== 'off';
  return {
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    deviceFlow: devicePages(parts.accounts),
    dPoP: { enabled: true, nonceSecret: parts.keyRing.derive('dpop-nonce') },
    encryption: { enabled: true },
    introspection: { enabled: true, allowedPolicy: createIntrospectionPolicy(parts.isActive) },
    jwtIntrospection: { enabled: true },
    jwtResponseModes: { enabled: true },
    jwtUserinfo: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    registration: {
      enabled: isRegistrationOn,
      initialAccessToken: clientRegistration === 'token',
      idFactory: () => `dyn_${randomToken(16)}`,
      secretFactory: () => randomToken(32),
    },
    registrationManagement: { enabled: isRegistrationOn, rotateRegistrationAccessToken: true },
    requestObjects: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx, _client, oneOf) => parts.indicators.defaultFor(ctx, oneOf),
      getResourceServerInfo: (ctx, identifier) => parts.indicators.infoFor(ctx, identifier),
      useGrantedResource: () => false,
    },
    revocation: { enabled: true, allowedPolicy: revocationPolicy },
    rpInitiatedLogout: logoutPages(parts.accounts),
  };
}

/** Our own client decides where to connect; the library's dispatcher would refuse hosts the operator allowed. */
function withoutDispatcher(options: RequestInit | undefined): RequestInit {
  const { dispatcher: _, ...rest } = { ...options } as RequestInit & { dispatcher?: unknown };
  return rest;
}
