import { needsKeys, needsRecoverableSecret, needsSecret } from './client-metadata.ts';
import { redirectUriFault } from './redirect-uri.ts';

/** A client's whole input after defaults, as far as its parts depend on one another. */
export type ClientFacts = Readonly<Record<string, unknown>> & {
  readonly application_type: 'web' | 'native';
  readonly redirect_uris?: readonly string[] | undefined;
  readonly post_logout_redirect_uris?: readonly string[] | undefined;
  readonly grant_types: readonly string[];
  readonly response_types: readonly string[];
  readonly token_endpoint_auth_method: string;
};

export type ClientFault = { readonly path: readonly (string | number)[]; readonly message: string };

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

/** What contradicts what, each at the member to change. */
export function clientFaults(client: ClientFacts): readonly ClientFault[] {
  return [
    ...uriFaults(client),
    ...flowFaults(client),
    ...authenticationFaults(client),
    ...settingFaults(client),
    ...profileFaults(client),
  ];
}

const when = (condition: boolean, name: string, message: string): readonly ClientFault[] =>
  condition ? [{ path: [name], message }] : [];

function uriFaults(client: ClientFacts): readonly ClientFault[] {
  return (['redirect_uris', 'post_logout_redirect_uris'] as const).flatMap((name) =>
    (client[name] ?? []).flatMap((uri, index) => {
      const message = redirectUriFault(uri, client.application_type);
      return message === undefined ? [] : [{ path: [name, index], message }];
    }),
  );
}

/** RFC 7591 §2.1: grant types and response types belong together. */
function flowFaults(client: ClientFacts): readonly ClientFault[] {
  const { grant_types: grants, response_types: responses, redirect_uris: uris = [] } = client;
  const parts = new Set(responses.flatMap((type) => type.split(' ')));
  const isImplicit = parts.has('token') || parts.has('id_token');
  const refreshes = grants.includes('authorization_code') || grants.includes(DEVICE);
  return [
    ...when(
      parts.has('code') && !grants.includes('authorization_code'),
      'grant_types',
      'the response type code needs authorization_code',
    ),
    ...when(
      grants.includes('authorization_code') && !parts.has('code'),
      'response_types',
      'the grant type authorization_code needs code',
    ),
    ...when(
      isImplicit && !grants.includes('implicit'),
      'grant_types',
      'the response types id_token and token need implicit',
    ),
    ...when(
      grants.includes('implicit') && !isImplicit,
      'response_types',
      'the grant type implicit needs id_token or token',
    ),
    ...when(
      responses.length > 0 && uris.length === 0,
      'redirect_uris',
      'expected at least one, because response_types is not empty',
    ),
    ...when(
      grants.includes('refresh_token') && !refreshes,
      'grant_types',
      'refresh_token needs a grant type that issues refresh tokens',
    ),
  ];
}

function authenticationFaults(client: ClientFacts): readonly ClientFault[] {
  const { token_endpoint_auth_method: method, grant_types: grants } = client;
  const isPublic = method === 'none';
  const hasSecret = client.client_secret !== undefined || client.client_secret_hash !== undefined;
  return [
    ...when(
      client.jwks !== undefined && client.jwks_uri !== undefined,
      'jwks_uri',
      'expected jwks or jwks_uri, not both (RFC 7591 §2)',
    ),
    ...when(
      needsKeys(client) && client.jwks === undefined && client.jwks_uri === undefined,
      'jwks',
      'expected jwks or jwks_uri, because the client signs or is sent something encrypted',
    ),
    ...when(
      client.client_secret !== undefined && client.client_secret_hash !== undefined,
      'client_secret_hash',
      'expected client_secret or client_secret_hash, not both',
    ),
    ...when(
      hasSecret && !needsSecret(client),
      client.client_secret === undefined ? 'client_secret_hash' : 'client_secret',
      `a client with token_endpoint_auth_method ${method} has no secret`,
    ),
    ...when(
      client.client_secret_hash !== undefined && needsRecoverableSecret(client),
      'client_secret_hash',
      'the secret itself is needed, because the client uses symmetric algorithms',
    ),
    ...when(
      isPublic && needsRecoverableSecret(client),
      'token_endpoint_auth_method',
      'a public client has no secret for symmetric algorithms',
    ),
    ...when(
      isPublic && grants.includes('client_credentials'),
      'grant_types',
      'client_credentials is for confidential clients (RFC 6749 §4.4)',
    ),
  ];
}

function settingFaults(client: ClientFacts): readonly ClientFault[] {
  const isPublic = client.token_endpoint_auth_method === 'none';
  return [
    ...when(
      isPublic && client.require_pkce === false,
      'require_pkce',
      'only a confidential client may go without PKCE',
    ),
    ...when(
      isPublic &&
        client.backchannel_logout_uri !== undefined &&
        !String(client.backchannel_logout_uri).startsWith('https:'),
      'backchannel_logout_uri',
      'expected https for a public client (OpenID Connect Back-Channel Logout §2.2)',
    ),
    ...when(
      client.backchannel_logout_session_required === true && client.backchannel_logout_uri === undefined,
      'backchannel_logout_uri',
      'expected, because backchannel_logout_session_required is true',
    ),
  ];
}

/** FAPI 2.0 Security Profile §5.3.2: what registration itself can promise. */
function profileFaults(client: ClientFacts): readonly ClientFault[] {
  if (client.security_profile !== 'fapi-2.0') return [];
  const isStrong = client.token_endpoint_auth_method === 'private_key_jwt';
  const onlyCode = client.response_types.every((type) => type === 'code');
  const needsPar = client.response_types.length > 0 && client.require_pushed_authorization_requests !== true;
  return [
    ...when(!isStrong, 'token_endpoint_auth_method', 'fapi-2.0 needs private_key_jwt'),
    ...when(client.dpop_bound_access_tokens !== true, 'dpop_bound_access_tokens', 'fapi-2.0 needs DPoP'),
    ...when(!onlyCode, 'response_types', 'fapi-2.0 allows the response type code only'),
    ...when(needsPar, 'require_pushed_authorization_requests', 'fapi-2.0 needs pushed authorization requests'),
    ...when(client.require_pkce === false, 'require_pkce', 'fapi-2.0 needs PKCE'),
  ];
}
