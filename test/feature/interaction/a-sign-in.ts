import { createHash, randomBytes } from 'node:crypto';
import { setPassword } from '../../../src/domain/credentials/set-password.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { userInput } from '../../../src/domain/users/user-input.ts';
import type { RunningServer } from '../../support/running-server.ts';

export const password = 'seven otters keep the ledger';
const operator = { type: 'operator', id: 'test' } as const;
let count = 0;

/** A person of the test's own; `null` gives them no password. */
export async function aPerson(
  { foundation }: RunningServer,
  facts: {
    password?: string | null;
    active?: boolean;
    displayName?: string;
    userName?: string;
    locale?: string;
    preferredLanguage?: string;
  } = {},
): Promise<User> {
  count += 1;
  const { password: secret = password, ...rest } = facts;
  const input = userInput.parse({ userName: `person-${process.pid}-${count}@example.com`, ...rest });
  const hash = secret === null ? undefined : await foundation.hashing.hashPassword(secret);
  return foundation.transact(operator, async (tx) => {
    const user = await createUser(tx, input);
    if (hash) await setPassword(tx, { userId: user.id, hash });
    return user;
  });
}

export type TestClient = { readonly clientId: string; readonly redirectUri: string };

/** A public client with PKCE, written as it is stored. */
export async function aClient(
  { foundation }: RunningServer,
  facts: { name?: string; firstParty?: boolean; metadata?: Record<string, unknown>; redirectUri?: string } = {},
): Promise<TestClient> {
  count += 1;
  const clientId = `client-${process.pid}-${count}`;
  const { name = `Client ${count}`, firstParty = false, redirectUri = 'http://localhost:4999/callback' } = facts;
  const metadata = {
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'web',
    ...facts.metadata,
  };
  await foundation.transact(operator, async (tx) => {
    await tx.query(
      `INSERT INTO clients (client_id, client_name, client_name_key, enabled, first_party, require_pkce, claims_in_id_token,
         metadata, created_at, updated_at) VALUES ($1, $2, lower($2), true, $3, true, false, $4::jsonb, $5, $5)`,
      [clientId, name, firstParty, JSON.stringify(metadata), tx.now],
    );
    tx.announce({ topic: 'clients', key: clientId });
  });
  return { clientId, redirectUri };
}

/** The address an application sends a browser to. */
export function authorizeUrl(
  { issuer }: RunningServer,
  { clientId, redirectUri }: TestClient,
  more: Readonly<Record<string, string>> = {},
): string {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(`${issuer}/authorize`);
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    state: 'a state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  }).toString();
  return url.href;
}

/** The parameters with which the browser came back to the application. */
export const callback = (url: string): Readonly<Record<string, string>> =>
  Object.fromEntries(new URL(url).searchParams);
