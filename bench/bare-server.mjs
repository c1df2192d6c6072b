// The yardstick: oidc-provider alone, with its own memory adapter, the same clients, algorithms and rotation, and no audit,
// logs or metrics. People sign in by name alone: the password hash is not what is compared here.
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { clients, opaqueResource, resource } from './fixture.mjs';

const issuer = 'http://localhost:3900';
const keys = await Promise.all(
  ['RS256', 'ES256', 'EdDSA'].map(async (alg) => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: `bare-${alg}` };
  }),
);

const resourceServers = {
  [resource]: {
    scope: 'orders:read orders:write',
    audience: resource,
    accessTokenFormat: 'jwt',
    accessTokenTTL: 300,
    jwt: { sign: { alg: 'ES256' } },
  },
  [opaqueResource]: { scope: 'stock:read', audience: opaqueResource, accessTokenFormat: 'opaque', accessTokenTTL: 300 },
};

const provider = new Provider(issuer, {
  jwks: { keys },
  routes: {
    authorization: '/authorize',
    token: '/token',
    userinfo: '/userinfo',
    jwks: '/jwks',
    introspection: '/introspect',
    revocation: '/revoke',
    end_session: '/logout',
  },
  clients: clients.map(({ permissions: _, first_party: __, ...metadata }) => metadata),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      getResourceServerInfo: (_ctx, indicator) => resourceServers[indicator],
      useGrantedResource: () => true,
    },
    userinfo: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  pkce: { required: () => true },
  rotateRefreshToken: () => true,
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  scopes: ['openid', 'offline_access', 'profile', 'email'],
  claims: {
    openid: ['sub'],
    profile: ['name', 'preferred_username', 'given_name', 'family_name', 'updated_at'],
    email: ['email', 'email_verified'],
  },
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: () => ({
      sub,
      name: 'Alice Archer',
      preferred_username: 'alice',
      given_name: 'Alice',
      family_name: 'Archer',
      updated_at: 1,
      email: 'alice@example.com',
      email_verified: true,
    }),
  }),
  cookies: { keys: ['bench-cookie-key'] },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  async loadExistingGrant(ctx) {
    const grantId = ctx.oidc.result?.consent?.grantId ?? ctx.oidc.session.grantIdFor(ctx.oidc.client.clientId);
    if (grantId) return ctx.oidc.provider.Grant.find(grantId);
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid offline_access profile email');
    grant.addResourceScope(resource, 'orders:read orders:write');
    await grant.save();
    return grant;
  },
});
provider.on('server_error', (_ctx, error) => console.error(error));

const answer = provider.callback();
const server = createServer(async (req, res) => {
  const uid = /^\/interaction\/([^/]+)$/.exec(req.url ?? '')?.[1];
  if (uid === undefined) return answer(req, res);
  if (req.method === 'GET') {
    await provider.interactionDetails(req, res);
    return res
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(`<form method="post"><input name="username"><input name="password"></form>`);
  }
  let body = '';
  for await (const chunk of req) body += chunk;
  await provider.interactionFinished(
    req,
    res,
    { login: { accountId: new URLSearchParams(body).get('username') } },
    { mergeWithLastSubmission: false },
  );
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  process.send?.({ port: server.address().port, issuer }),
);
process.on('message', (message) => {
  if (message === 'usage') process.send?.({ cpu: process.cpuUsage(), memory: process.memoryUsage().rss });
});
