// What client libraries are tried against: a server with clients from a declarative file, and two people with roles and groups.
import { startServer, type TestServer } from '../../support/server.ts';
import { UserAgent } from '../../support/user-agent.ts';

export const api = 'https://orders.example';
export const secret = 'a secret with +, % and :';
/** Nobody listens there: libraries are handed the address that the browser was sent to. */
export const callback = 'http://127.0.0.1:4998/callback';
/** Where Auth.js is answered. */
const authJsCallback = 'http://127.0.0.1:4998/auth/callback/doorward';
export const spaOrigin = 'https://spa.example';

type Person = { readonly userName: string; readonly password: string };
export const alice: Person = { userName: 'alice@example.com', password: 'seven otters keep the ledger' };
export const bob: Person = { userName: 'bob@example.com', password: 'nine quiet owls read the map' };

const confidential = {
  client_secret: secret,
  redirect_uris: [callback, authJsCallback],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  first_party: true,
};
const openToAll = { ...confidential, client_secret: undefined, token_endpoint_auth_method: 'none' };

const declared = {
  resourceServers: [{ identifier: api, name: 'Orders', permissions: [{ value: 'orders:read' }] }],
  clients: [
    { client_id: 'web', ...confidential },
    // Some libraries read nothing but the ID token, and some know no PKCE (DESIGN §8).
    { client_id: 'reads-id-token', ...confidential, claims_in_id_token: true },
    { client_id: 'knows-no-pkce', ...confidential, require_pkce: false },
    { client_id: 'third-party', ...confidential, first_party: false },
    { client_id: 'spa', ...openToAll, redirect_uris: [`${spaOrigin}/callback`] },
  ],
  roles: [{ name: 'order-clerk', permissions: [{ resource: api, values: ['orders:read'] }] }],
  groups: [{ displayName: 'Sales' }],
  users: [
    {
      ...alice,
      displayName: 'Alice Archer',
      name: { givenName: 'Alice', familyName: 'Archer' },
      emails: [{ value: alice.userName, primary: true, verified: true }],
      roles: ['order-clerk'],
      groups: ['Sales'],
    },
    { ...bob, emails: [{ value: bob.userName, primary: true }] },
  ],
};

export function aProvider(env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  return startServer({ apply: JSON.stringify(declared), env });
}

/** Signs in, consents where that is asked, and gives the address at the client that the browser is sent to. */
export async function throughPages(url: string, until: string, person = alice, agent = new UserAgent()): Promise<URL> {
  let page = await agent.visit(url, {}, until);
  if (!page.url.startsWith(until)) {
    const credentials = { username: person.userName, password: person.password };
    page = await agent.submit(page, 'username', credentials, until);
  }
  if (!page.url.startsWith(until)) page = await agent.submit(page, 'decision', { decision: 'approve' }, until);
  return new URL(page.url);
}
