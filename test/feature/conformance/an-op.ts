// What the OpenID Foundation's plans are run against: static clients from a declarative file and a person with every standard claim.
import { createRemoteJWKSet } from 'jose';
import { startServer, type TestServer } from '../../support/server.ts';

export type StaticClient = {
  readonly id: string;
  readonly secret: string;
  readonly method: 'client_secret_basic' | 'client_secret_post';
};

/** No one listens there: what arrives is read from the last redirect or self-posting page. */
export const suite = 'https://suite.example';
export const callback = `${suite}/test/a/doorward/callback`;
export const callbackWithQuery = `${callback}?dummy1=lorem&dummy2=ipsum`;
export const afterLogout = `${suite}/test/a/doorward/post_logout_redirect`;

const client = (id: string, method: StaticClient['method']): StaticClient => ({
  id,
  secret: `${id} secret:+%&`,
  method,
});

export const clients = {
  first: client('suite-1', 'client_secret_basic'),
  second: client('suite-2', 'client_secret_basic'),
  post: client('suite-post', 'client_secret_post'),
} as const;

export const person = {
  userName: 'wanda@example.com',
  password: 'seven otters keep the ledger',
} as const;

/** Most modules send no PKCE: the profile is older than RFC 7636, so these clients are allowed to leave it out. */
const declared = {
  clients: Object.values(clients).map(({ id, secret, method }) => ({
    client_id: id,
    client_name: `Conformance ${id}`,
    client_secret: secret,
    token_endpoint_auth_method: method,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: [callback, callbackWithQuery],
    post_logout_redirect_uris: [afterLogout],
    first_party: false,
    require_pkce: false,
  })),
  users: [
    {
      ...person,
      name: { formatted: 'Wanda Q. Widget', givenName: 'Wanda', middleName: 'Q.', familyName: 'Widget' },
      displayName: 'Wanda Widget',
      nickName: 'Wan',
      profileUrl: 'https://people.example/wanda',
      photos: [{ value: 'https://people.example/wanda.png', primary: true }],
      website: 'https://wanda.example/',
      gender: 'female',
      birthdate: '1987-02-28',
      timezone: 'Europe/Vienna',
      locale: 'de-AT',
      emails: [{ value: 'wanda@example.com', primary: true, verified: true }],
      phoneNumbers: [{ value: '+43 1 5550100', primary: true, verified: true }],
      addresses: [
        {
          streetAddress: 'Ring 1',
          locality: 'Wien',
          region: 'Wien',
          postalCode: '1010',
          country: 'AT',
          primary: true,
        },
      ],
    },
  ],
};

export type ProviderUnderTest = {
  readonly issuer: string;
  readonly server: TestServer;
  /** The discovery document. */
  readonly metadata: Readonly<Record<string, unknown>>;
  endpoint(name: string): string;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
};

export async function aProviderUnderTest(): Promise<ProviderUnderTest> {
  const server = await startServer({ apply: JSON.stringify(declared) });
  const answer = await fetch(`${server.issuer}/.well-known/openid-configuration`);
  const metadata: Record<string, unknown> = Object(await answer.json());
  const endpoint = (name: string): string => {
    const value = metadata[name];
    if (typeof value !== 'string') throw new Error(`no ${name} in the discovery document`);
    return value;
  };
  return {
    issuer: server.issuer,
    server,
    metadata,
    endpoint,
    keys: createRemoteJWKSet(new URL(endpoint('jwks_uri'))),
  };
}
