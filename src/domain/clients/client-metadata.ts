import { z } from 'zod';
import { isSecureOrLoopback } from './redirect-uri.ts';
import { lineOfText, scopeToken, withoutRepetition } from './text-input.ts';

/**
 * Registered client metadata by its name on the wire: RFC 7591, OpenID Connect registration and logout, JAR (RFC 9101),
 * PAR (RFC 9126), DPoP (RFC 9449), JARM and RFC 9701. Only what this server acts on: a setting that it would silently ignore
 * is refused by name. What belongs together is checked in `client-consistency.ts`.
 */
export const grantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'implicit',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const;
export const responseTypes = [
  'code',
  'code id_token',
  'code id_token token',
  'code token',
  'id_token',
  'id_token token',
  'none',
] as const;
export const authMethods = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'none',
] as const;
const signingAlgs = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'HS256',
  'HS384',
  'HS512',
] as const;
const encryptionAlgs = [
  'RSA-OAEP',
  'RSA-OAEP-256',
  'RSA-OAEP-384',
  'RSA-OAEP-512',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
  'A128KW',
  'A192KW',
  'A256KW',
  'A128GCMKW',
  'A192GCMKW',
  'A256GCMKW',
  'dir',
] as const;
const encryptionEncs = ['A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512', 'A128GCM', 'A192GCM', 'A256GCM'] as const;

const uri = z.string().min(1).max(2048);
const webUri = uri.refine((text) => /^https?:\/\//i.test(text) && !/[\s\\]/.test(text) && URL.canParse(text), {
  error: 'expected an http:// or https:// URL',
});
const secureUri = webUri.refine(isSecureOrLoopback, 'expected https, or http on a loopback address');
const signingAlg = z.enum(signingAlgs);
const encryptionAlg = z.enum(encryptionAlgs);
const encryptionEnc = z.enum(encryptionEncs);
const seconds = z.int().min(0).max(2_147_483_647);

/** RFC 7517 §9.2: members that are private or symmetric key material. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
const publicJwk = z
  .looseObject({ kty: z.enum(['RSA', 'EC', 'OKP', 'AKP']), kid: z.exactOptional(lineOfText(256)) })
  .superRefine((jwk, context) => {
    for (const name of PRIVATE_MEMBERS) {
      if (name in jwk)
        context.addIssue({ code: 'custom', path: [name], message: 'private key material must stay with the client' });
    }
  });
const jwks = z.strictObject({ keys: z.array(publicJwk).min(1).max(20) });

export const clientMetadataShape = {
  application_type: z.enum(['web', 'native']),
  redirect_uris: withoutRepetition(uri, 200),
  post_logout_redirect_uris: withoutRepetition(uri, 200),
  grant_types: withoutRepetition(z.enum(grantTypes), 20),
  response_types: withoutRepetition(
    z
      .string()
      .transform((type) => type.split(' ').sort().join(' '))
      .pipe(z.enum(responseTypes)),
    20,
  ),
  response_modes: withoutRepetition(lineOfText(64), 20),
  token_endpoint_auth_method: z.enum(authMethods),
  token_endpoint_auth_signing_alg: signingAlg,
  scope: z
    .string()
    .max(10_000)
    .refine((text) => text.split(' ').every((value) => scopeToken.safeParse(value).success), {
      error: 'expected scope values separated by single spaces (RFC 6749 §3.3)',
    }),
  contacts: withoutRepetition(z.email(), 20),
  client_uri: webUri,
  logo_uri: webUri,
  policy_uri: webUri,
  tos_uri: webUri,
  software_id: lineOfText(256),
  software_version: lineOfText(256),
  jwks,
  jwks_uri: secureUri,
  sector_identifier_uri: secureUri,
  subject_type: z.enum(['public', 'pairwise']),
  initiate_login_uri: secureUri,
  default_max_age: seconds,
  require_auth_time: z.boolean(),
  default_acr_values: withoutRepetition(lineOfText(256), 20),
  backchannel_logout_uri: webUri,
  backchannel_logout_session_required: z.boolean(),
  require_pushed_authorization_requests: z.boolean(),
  require_signed_request_object: z.boolean(),
  dpop_bound_access_tokens: z.boolean(),
  id_token_signed_response_alg: signingAlg,
  id_token_encrypted_response_alg: encryptionAlg,
  id_token_encrypted_response_enc: encryptionEnc,
  userinfo_signed_response_alg: signingAlg,
  userinfo_encrypted_response_alg: encryptionAlg,
  userinfo_encrypted_response_enc: encryptionEnc,
  introspection_signed_response_alg: signingAlg,
  introspection_encrypted_response_alg: encryptionAlg,
  introspection_encrypted_response_enc: encryptionEnc,
  authorization_signed_response_alg: signingAlg,
  authorization_encrypted_response_alg: encryptionAlg,
  authorization_encrypted_response_enc: encryptionEnc,
  request_object_signing_alg: signingAlg,
  request_object_encryption_alg: encryptionAlg,
  request_object_encryption_enc: encryptionEnc,
} as const;

export type MetadataName = keyof typeof clientMetadataShape;

export const metadataNames = Object.keys(clientMetadataShape) as readonly MetadataName[];

const SIGNING_ALGS: readonly MetadataName[] = [
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'introspection_signed_response_alg',
  'authorization_signed_response_alg',
  'request_object_signing_alg',
  'token_endpoint_auth_signing_alg',
];
const ENCRYPTION_ALGS: readonly MetadataName[] = [
  'id_token_encrypted_response_alg',
  'userinfo_encrypted_response_alg',
  'introspection_encrypted_response_alg',
  'authorization_encrypted_response_alg',
  'request_object_encryption_alg',
];

type Metadata = Readonly<Record<string, unknown>>;

/** The protocol computes with the secret itself (HMAC or symmetric encryption), so that its hash is not enough. */
export function needsRecoverableSecret(metadata: Metadata): boolean {
  return (
    metadata.token_endpoint_auth_method === 'client_secret_jwt' ||
    SIGNING_ALGS.some((name) => String(metadata[name]).startsWith('HS')) ||
    ENCRYPTION_ALGS.some((name) => /^(?:A\d|dir$)/.test(String(metadata[name] ?? '')))
  );
}

/** Whether a client with this metadata has secrets at all. */
export const needsSecret = (metadata: Metadata): boolean =>
  String(metadata.token_endpoint_auth_method).startsWith('client_secret_') || needsRecoverableSecret(metadata);

/** The client is sent something encrypted for it, or signs: its public keys must be known. */
export const needsKeys = (metadata: Metadata): boolean =>
  metadata.token_endpoint_auth_method === 'private_key_jwt' ||
  /^(?:[PRE]S\d|Ed)/.test(String(metadata.request_object_signing_alg ?? '')) ||
  ENCRYPTION_ALGS.some(
    (name) => name !== 'request_object_encryption_alg' && /^(?:RSA|ECDH)/.test(String(metadata[name] ?? '')),
  );
