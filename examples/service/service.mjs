// A service without people: client credentials, then the API.
import * as oidc from 'openid-client';

const issuer = new URL(process.env.ISSUER ?? 'http://localhost:3000');
const clientId = process.env.CLIENT_ID ?? 'example-service';
const clientSecret = process.env.CLIENT_SECRET ?? 'example-service-secret-for-development-only';
const resource = process.env.RESOURCE ?? 'https://orders.example/api';
const api = process.env.API ?? 'http://localhost:4002';

const doorward = await oidc.discovery(issuer, clientId, undefined, oidc.ClientSecretBasic(clientSecret), {
  execute: issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [],
});

// No scope: Doorward gives all that this client was granted at the resource.
const tokens = await oidc.clientCredentialsGrant(doorward, { resource });
console.log(`Token for ${resource}: scope "${tokens.scope}", ${tokens.expires_in} s`);

try {
  const answer = await fetch(`${api}/orders`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  console.log(`GET ${api}/orders: ${answer.status}`, await answer.json());
  process.exitCode = answer.ok ? 0 : 1;
} catch {
  console.error(`No API answers at ${api}; start it in another terminal: npm run example:api`);
  process.exitCode = 1;
}
