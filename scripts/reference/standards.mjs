// docs/reference/supported-standards.md: what is spoken, and what the discovery document of a fresh server says.
import { page, table } from './page.mjs';

/** `rule` is what a test title must hold for the line to stand (test/architecture/docs-fresh.test.ts). */
export const standards = [
  [
    'OpenID Connect Core 1.0',
    'OIDC Core',
    'Code flow, standard claims, `claims` parameter, `prompt`, `max_age`, `acr_values`, `login_hint`, UserInfo',
  ],
  ['OpenID Connect Discovery 1.0', 'Discovery', '`/.well-known/openid-configuration`'],
  [
    'OpenID Connect RP-Initiated Logout 1.0',
    'RP-Initiated Logout',
    '`/logout` by GET and POST, with `id_token_hint` and `post_logout_redirect_uri`',
  ],
  [
    'OpenID Connect Back-Channel Logout 1.0',
    'Back-Channel Logout',
    'Logout tokens with `sub` and `sid`, delivered again until accepted',
  ],
  [
    'OpenID Initiating User Registration 1.0',
    'Initiating User Registration',
    '`prompt=create` where people may make accounts of their own, `prompt_values_supported`',
  ],
  [
    'W3C Device Bound Session Credentials (working draft)',
    'Device Bound Session Credentials',
    'Browsers that know it bind sessions to a key of their device (ES256): `Secure-Session-Registration`, challenges, refresh',
  ],
  [
    'OpenID Shared Signals Framework 1.0',
    'SSF',
    'Transmitter: `/.well-known/ssf-configuration`, streams, status, subjects, verification; a token for `urn:doorward:ssf`',
  ],
  [
    'OpenID CAEP 1.0, RISC 1.0',
    'CAEP',
    'Events `session-revoked` and `credential-change`; `account-disabled`, `account-enabled` and `account-purged`',
  ],
  [
    'RFC 6749',
    'RFC 6749',
    'Authorization code, refresh token and client credentials grants; no implicit and no password grant',
  ],
  ['RFC 6750', 'RFC 6750', 'Bearer tokens in the Authorization header'],
  ['RFC 7009', 'RFC 7009', 'Revocation, of JWT access tokens too'],
  ['RFC 7396', 'RFC 7396', 'JSON merge patch in the admin API'],
  [
    'RFC 7591, RFC 7592',
    'RFC 7591',
    'Dynamic client registration and its management, with an initial access token by default',
  ],
  [
    'RFC 7636',
    'RFC 7636',
    'PKCE with S256, required for every code flow unless a confidential client is told otherwise',
  ],
  ['RFC 7662', 'RFC 7662', 'Introspection, of JWT access tokens too'],
  [
    'RFC 7643, RFC 7644',
    'RFC 7644',
    'SCIM 2.0 server at `/scim/v2`: Users, EnterpriseUser, Groups, `/Me`, filters, PATCH, Bulk, sorting, ETags; a token for `urn:doorward:scim`',
  ],
  ['RFC 8252', 'RFC 8252', 'Native applications: loopback redirects with any port, private-use schemes'],
  ['RFC 8414', 'RFC 8414', '`/.well-known/oauth-authorization-server`'],
  ['RFC 8628', 'RFC 8628', 'Device flow: `/device`, `/device/auth`'],
  ['RFC 8707', 'RFC 8707', 'Resource indicators'],
  ['RFC 8417', 'RFC 8935', 'Security event tokens, signed with RS256, `typ: secevent+jwt`'],
  ['RFC 8935, RFC 8936', 'RFC 8936', 'Security events by push, with retries for a day, and by poll; received by push'],
  ['RFC 9068', 'RFC 9068', 'JWT access tokens, ES256 unless the resource server asks otherwise'],
  ['RFC 9101 (JAR)', 'RFC 9101', 'Signed request objects'],
  ['RFC 9126 (PAR)', 'RFC 9126', 'Pushed authorization requests: `/par`'],
  ['RFC 9865', 'RFC 9865', 'SCIM cursor paging'],
  ['RFC 9967', 'RFC 9967', 'SCIM events of people as notices, to streams that ask for them; no asynchronous requests'],
  ['RFC 9207', 'RFC 9207', '`iss` in authorization responses'],
  ['RFC 9449 (DPoP)', 'RFC 9449', 'Sender-constrained tokens, at the admin API too'],
  ['RFC 9457', 'RFC 9457', 'Problem details in the admin API'],
  ['JWT Secured Authorization Response Mode', 'JARM', 'Signed authorization responses'],
  ['OAuth 2.0 Form Post Response Mode', 'form_post', '`response_mode=form_post`'],
];

const shown = [
  'response_types_supported',
  'response_modes_supported',
  'grant_types_supported',
  'scopes_supported',
  'claims_supported',
  'code_challenge_methods_supported',
  'token_endpoint_auth_methods_supported',
  'id_token_signing_alg_values_supported',
  'request_object_signing_alg_values_supported',
  'dpop_signing_alg_values_supported',
  'subject_types_supported',
];

export function standardsPage({ discovery }) {
  const values = shown
    .filter((name) => Array.isArray(discovery[name]))
    .map((name) => [`\`${name}\``, discovery[name].map((value) => `\`${value}\``).join(' ')]);
  return page(
    'Supported standards',
    'Each line has tests that carry its name in their titles.',
    table(
      ['Standard', 'What of it'],
      standards.map(([name, , what]) => [name, what]),
    ),
    '## What a fresh server announces',
    'From `/.well-known/openid-configuration`; clients and settings can add to it.',
    table(['Member', 'Values'], values),
  );
}
