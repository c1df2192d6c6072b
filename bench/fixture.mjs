// Who and what both servers know. Secrets of a throw-away database.
export const resource = 'https://bench.example/orders';
export const opaqueResource = 'https://bench.example/stock';
export const secret = 'bench-secret-bench-secret-bench-secret';

export const clients = [
  {
    client_id: 'bench-service',
    client_name: 'Bench service',
    client_secret: secret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
    permissions: [
      { resource, values: ['orders:read'] },
      { resource: opaqueResource, values: ['stock:read'] },
    ],
  },
  {
    client_id: 'bench-admin',
    client_name: 'Bench administrator',
    client_secret: secret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
    permissions: [{ resource: 'urn:doorward:admin', values: ['users:read', 'users:write'] }],
  },
  {
    client_id: 'bench-scim',
    client_name: 'Bench provisioning',
    client_secret: secret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
    permissions: [{ resource: 'urn:doorward:scim', values: ['scim:read', 'scim:write'] }],
  },
  {
    client_id: 'bench-web',
    client_name: 'Bench web app',
    client_secret: secret,
    redirect_uris: ['http://localhost:4990/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    first_party: true,
  },
];

export const declaration = (people) => ({
  resourceServers: [
    {
      identifier: resource,
      name: 'Orders',
      accessTokenFormat: 'jwt',
      accessTokenLifetimeSeconds: 300,
      permissions: [{ value: 'orders:read' }, { value: 'orders:write' }],
    },
    {
      identifier: opaqueResource,
      name: 'Stock',
      accessTokenFormat: 'opaque',
      accessTokenLifetimeSeconds: 300,
      permissions: [{ value: 'stock:read' }],
    },
  ],
  clients,
  roles: [{ name: 'bench-clerk', permissions: [{ resource, values: ['orders:read', 'orders:write'] }] }],
  users: Array.from({ length: people }, (_, index) => ({
    userName: `bench-${index}@example.com`,
    name: { givenName: 'Bench', familyName: `Person ${index}` },
    emails: [{ value: `bench-${index}@example.com`, primary: true, verified: true }],
    password: 'seven otters keep the ledger',
    roles: ['bench-clerk'],
  })),
});
