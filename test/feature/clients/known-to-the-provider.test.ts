import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientInput } from '../../../src/domain/clients/client-input.ts';
import { type MetadataName, metadataNames, needsSecret } from '../../../src/domain/clients/client-metadata.ts';
import { metadataOf } from '../../../src/domain/clients/client-state.ts';
import { aProvider, type TestProvider } from '../../support/provider.ts';

let provider: TestProvider;

beforeAll(async () => {
  provider = await aProvider();
});

afterAll(() => provider.end());

const key = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
const rsa = {
  kty: 'RSA',
  n: 'sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXboIRROSBigeC5yjU1hGzHHyXss8UDprecbAYxknTcQkhslANGRUZmdTOQ5qTRsLAt6BTYuyvVRdhS8exSZEy_c4gs_7svlJJQ4H9_NxsiIoLwAEk7-Q3UXERGYw_75IDrGA84-lA_-Ct4eTlXHBIY2EaV7t7LjJaynVJCpkv4LKjTTAumiGUIuQhrNhZLuF_RJLqHpM2kgWFLU7-VTdL1VbC2tejvcI2BlMkEpk1BzBZI0KQB0GaDWFLN-aEAw3vRw',
  e: 'AQAB',
};
const base = {
  client_id: 'sample',
  redirect_uris: ['https://app.example.com/cb'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [key, rsa] },
};

/** One valid value for every name we take; encryption wants its signing algorithm beside it. */
const samples: Readonly<Record<MetadataName, object>> = {
  application_type: { application_type: 'web' },
  redirect_uris: { redirect_uris: ['https://app.example.com/cb'] },
  post_logout_redirect_uris: { post_logout_redirect_uris: ['https://app.example.com/bye'] },
  grant_types: { grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'] },
  response_types: { response_types: ['code'] },
  response_modes: { response_modes: ['query', 'form_post'] },
  token_endpoint_auth_method: { token_endpoint_auth_method: 'private_key_jwt' },
  token_endpoint_auth_signing_alg: { token_endpoint_auth_signing_alg: 'ES256' },
  scope: { scope: 'openid profile' },
  contacts: { contacts: ['ops@example.com'] },
  client_uri: { client_uri: 'https://app.example.com' },
  logo_uri: { logo_uri: 'https://app.example.com/logo.svg' },
  policy_uri: { policy_uri: 'https://app.example.com/policy' },
  tos_uri: { tos_uri: 'https://app.example.com/tos' },
  software_id: { software_id: 'x' },
  software_version: { software_version: '1' },
  jwks: { jwks: { keys: [key] } },
  jwks_uri: { jwks: undefined, jwks_uri: 'https://app.example.com/jwks' },
  sector_identifier_uri: { sector_identifier_uri: 'https://app.example.com/sector' },
  subject_type: { subject_type: 'public' },
  initiate_login_uri: { initiate_login_uri: 'https://app.example.com/login' },
  default_max_age: { default_max_age: 600 },
  require_auth_time: { require_auth_time: true },
  default_acr_values: { default_acr_values: [] },
  backchannel_logout_uri: { backchannel_logout_uri: 'https://app.example.com/logout' },
  backchannel_logout_session_required: {
    backchannel_logout_uri: 'https://app.example.com/logout',
    backchannel_logout_session_required: true,
  },
  require_pushed_authorization_requests: { require_pushed_authorization_requests: true },
  require_signed_request_object: { require_signed_request_object: true },
  dpop_bound_access_tokens: { dpop_bound_access_tokens: true },
  id_token_signed_response_alg: { id_token_signed_response_alg: 'ES256' },
  ...encrypted('id_token'),
  userinfo_signed_response_alg: { userinfo_signed_response_alg: 'ES256' },
  ...encrypted('userinfo'),
  introspection_signed_response_alg: { introspection_signed_response_alg: 'ES256' },
  ...encrypted('introspection'),
  authorization_signed_response_alg: { authorization_signed_response_alg: 'ES256' },
  ...encrypted('authorization'),
  request_object_signing_alg: { request_object_signing_alg: 'ES256' },
  request_object_encryption_alg: { request_object_encryption_alg: 'A128KW' },
  request_object_encryption_enc: { request_object_encryption_alg: 'A128KW', request_object_encryption_enc: 'A128GCM' },
};

function encrypted<Noun extends 'id_token' | 'userinfo' | 'introspection' | 'authorization'>(noun: Noun) {
  const alg = { [`${noun}_signed_response_alg`]: 'ES256', [`${noun}_encrypted_response_alg`]: 'RSA-OAEP' };
  const enc = { ...alg, [`${noun}_encrypted_response_enc`]: 'A256GCM' };
  return { [`${noun}_encrypted_response_alg`]: alg, [`${noun}_encrypted_response_enc`]: enc } as Record<
    `${Noun}_encrypted_response_${'alg' | 'enc'}`,
    object
  >;
}

const libraryMetadata = (metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const Client = provider.host.current().Client as unknown as new (
    given: object,
  ) => { metadata(): Record<string, unknown> };
  const secret = needsSecret(metadata) ? { client_secret: 's'.repeat(43) } : {};
  return new Client({ client_id: 'sample', ...secret, ...metadata }).metadata();
};

describe('client metadata', () => {
  it.each(metadataNames)('%s is acted on by the provider: accepted by both checks, and not dropped', (name) => {
    const input = clientInput.parse(JSON.parse(JSON.stringify({ ...base, ...samples[name] })));
    const metadata = metadataOf(input);

    provider.host.clients.checkMetadata({ ...metadata, client_id: 'sample' });

    // RFC 7591 §2: for people and machines that inventory software; nothing to act on.
    if (name !== 'software_id' && name !== 'software_version') {
      expect(libraryMetadata(metadata)[name]).toEqual(metadata[name]);
    }
  });

  it('our defaults are the library’s: what is stored means the same to both', () => {
    const { application_type, grant_types, response_types, token_endpoint_auth_method } = libraryMetadata({
      redirect_uris: base.redirect_uris,
      client_secret: 's'.repeat(43),
    });

    expect(metadataOf(clientInput.parse({ redirect_uris: base.redirect_uris }))).toEqual({
      redirect_uris: base.redirect_uris,
      application_type,
      grant_types,
      response_types,
      token_endpoint_auth_method,
    });
  });
});
