/** A file with something of everything, in an order in which nothing comes after what it needs. */
export const WHOLE = `
users:
  - userName: alice@example.com
    name: { givenName: Alice, familyName: Archer }
    emails: [{ value: alice@example.com, primary: true, verified: true }]
    password: seven otters keep the ledger
    active: true
    roles: [order-clerk]
    groups: [Sales]
  - userName: bob@example.com
    passwordHash: $2b$04$abcdefghijklmnopqrstuuJ8Q7m0h2n0J6n1c9mJ8yW5yq0Zr0e9a
groups:
  - displayName: Sales
    roles: [employee]
    groups: [Company]
  - displayName: Company
roles:
  - name: order-clerk
    permissions: [{ resource: https://api.example.com, values: [orders:read, orders:write] }]
    inherits: [employee]
  - name: employee
clients:
  - client_id: web
    client_name: Example web app
    client_secret: dev-only-secret
    redirect_uris: [http://localhost:4000/callback]
    grant_types: [authorization_code, refresh_token]
    response_types: [code]
    token_endpoint_auth_method: client_secret_basic
    first_party: true
  - client_id: worker
    grant_types: [client_credentials]
    client_secret: another-dev-only-secret
    permissions: [{ resource: https://api.example.com, values: [orders:read] }]
    roles: [employee]
resourceServers:
  - identifier: https://api.example.com
    name: Orders API
    accessTokenFormat: jwt
    accessTokenLifetimeSeconds: 300
    permissions: [{ value: orders:read, description: Read orders }, { value: orders:write }]
`;

/** A file about one person alone. */
export const aPerson = (name: string, rest = '') => `users: [{ userName: ${name}${rest} }]`;
