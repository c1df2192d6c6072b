// The authorization of an MCP client: resource metadata, server metadata, registration with permissions as scope, PKCE, refresh.
import { createServer } from 'node:http';
import { auth } from '@modelcontextprotocol/sdk/client/auth.js';

const { ISSUER, PORT } = process.env;
const self = `http://127.0.0.1:${PORT}`;
const serverUrl = `${self}/mcp`;
const scope = 'orders:read offline_access';
let registered;
let tokens;
let verifier;
let goTo;

const provider = {
  redirectUrl: `${self}/callback`,
  clientMetadata: {
    client_name: 'Interop: MCP SDK',
    redirect_uris: [`${self}/callback`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    scope,
  },
  clientInformation: () => registered,
  saveClientInformation: (information) => {
    registered = information;
  },
  tokens: () => tokens,
  saveTokens: (saved) => {
    tokens = saved;
  },
  redirectToAuthorization: (url) => {
    goTo = url.href;
  },
  saveCodeVerifier: (saved) => {
    verifier = saved;
  },
  codeVerifier: () => verifier,
};

createServer(async (request, response) => {
  const url = new URL(request.url, self);
  const json = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  try {
    if (url.pathname.startsWith('/.well-known/oauth-protected-resource')) {
      json(200, { resource: serverUrl, authorization_servers: [ISSUER], scopes_supported: ['orders:read'] });
    } else if (url.pathname === '/login') {
      await auth(provider, { serverUrl, scope });
      response.writeHead(302, { location: goTo }).end();
    } else if (url.pathname === '/callback') {
      await auth(provider, { serverUrl, authorizationCode: url.searchParams.get('code') });
      // With a refresh token at hand the same call renews.
      const renewed = tokens.refresh_token ? await auth(provider, { serverUrl, scope }) : 'without refresh token';
      const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url').toString());
      json(200, { renewed, scope: tokens.scope, ...claims });
    } else json(url.pathname === '/ready' ? 200 : 404, {});
  } catch (error) {
    json(502, { refused: String(error?.stack ?? error) });
  }
}).listen(Number(PORT), '127.0.0.1');
