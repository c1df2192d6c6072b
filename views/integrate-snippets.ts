export const APPLY = 'npx doorward apply -f doorward.yaml';

/** Snippets of the integrate page: complete enough to copy, with this server's own addresses filled in. */
export type Snippets = { readonly register: string; readonly copy: string };

type Addresses = { readonly issuer: string; readonly apiIdentifier: string };

// openid-client refuses http unless it is told that this is meant.
function insecureOption(issuer: string): string {
  return issuer.startsWith('http:') ? ',\n  { execute: [client.allowInsecureRequests] }, // development only' : '';
}

export function webAppSnippets({ issuer }: Addresses): Snippets {
  return {
    register: `clients:
  - client_id: my-web-app
    client_name: My web app
    client_secret: choose-a-long-random-one
    redirect_uris: [http://localhost:4000/callback]
    grant_types: [authorization_code, refresh_token]
    response_types: [code]
    token_endpoint_auth_method: client_secret_basic`,
    copy: `import * as client from 'openid-client';

const config = await client.discovery(
  new URL('${issuer}'),
  'my-web-app',
  undefined,
  client.ClientSecretBasic('choose-a-long-random-one')${insecureOption(issuer)}
);
const verifier = client.randomPKCECodeVerifier(); // keep both in the visitor's session
const state = client.randomState();
const signIn = client.buildAuthorizationUrl(config, {
  redirect_uri: 'http://localhost:4000/callback',
  scope: 'openid profile email roles',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
});
// send the browser to signIn; then, at /callback:
const tokens = await client.authorizationCodeGrant(config, callbackUrl, {
  pkceCodeVerifier: verifier,
  expectedState: state,
});
const subject = tokens.claims().sub;
const person = await client.fetchUserInfo(config, tokens.access_token, subject);`,
  };
}

export function spaSnippets({ issuer }: Addresses): Snippets {
  return {
    register: `clients:
  - client_id: my-spa
    client_name: My single-page app
    redirect_uris: [http://localhost:5173/callback]
    post_logout_redirect_uris: [http://localhost:5173/]
    grant_types: [authorization_code, refresh_token]
    response_types: [code]
    token_endpoint_auth_method: none`,
    copy: `import { UserManager } from 'oidc-client-ts';

const users = new UserManager({
  authority: '${issuer}',
  client_id: 'my-spa',
  redirect_uri: 'http://localhost:5173/callback',
  post_logout_redirect_uri: 'http://localhost:5173/',
  scope: 'openid profile email',
});
await users.signinRedirect(); // on the sign-in button
await users.signinCallback(); // on /callback`,
  };
}

export function serviceSnippets({ issuer, apiIdentifier }: Addresses): Snippets {
  return {
    register: `clients:
  - client_id: my-service
    client_name: My service
    client_secret: choose-a-long-random-one
    grant_types: [client_credentials]
    permissions:
      - { resource: ${apiIdentifier}, values: [orders:read] }`,
    copy: `curl ${issuer}/token \\
  -u my-service:choose-a-long-random-one \\
  -d grant_type=client_credentials \\
  -d resource=${apiIdentifier}`,
  };
}

export function apiSnippets({ issuer, apiIdentifier }: Addresses): Snippets {
  return {
    register: `resourceServers:
  - identifier: ${apiIdentifier}
    name: Orders API
    accessTokenFormat: jwt
    permissions:
      - { value: orders:read, description: Read orders }
      - { value: orders:write, description: Change orders }`,
    copy: `import { createRemoteJWKSet, jwtVerify } from 'jose';

const keys = createRemoteJWKSet(new URL('${issuer}/jwks'));
const { payload } = await jwtVerify(token, keys, {
  issuer: '${issuer}',
  audience: '${apiIdentifier}',
  typ: 'at+jwt',
});
const mayRead = payload.scope.split(' ').includes('orders:read');`,
  };
}
