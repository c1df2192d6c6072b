// What most tests of the whole system need: a public client, a person, and codes and tokens for them.
import { randomBytes } from 'node:crypto';
import type { AdminApi } from '../../support/admin-api.ts';
import type { TestServer } from '../../support/server.ts';
import { redeem, signIn, UserAgent } from '../../support/user-agent.ts';

export const redirectUri = 'http://127.0.0.1:4999/callback';
export const password = 'four grey herons stand in line';

export type Person = { readonly id: string; readonly userName: string };

export async function aPublicClient(admin: AdminApi, attributes: Record<string, unknown> = {}): Promise<string> {
  const clientId = `app-${randomBytes(4).toString('hex')}`;
  await admin.post('/clients', {
    client_id: clientId,
    client_name: 'Test app',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    first_party: true,
    ...attributes,
  });
  return clientId;
}

export async function aPerson(admin: AdminApi, attributes: Record<string, unknown> = {}): Promise<Person> {
  const userName = `person-${randomBytes(5).toString('hex')}@example.com`;
  const { id } = await admin.post('/users', { userName, password, ...attributes });
  return { id: String(id), userName };
}

export type Tokens = { readonly access_token: string; readonly refresh_token?: string; readonly id_token?: string };

export async function tokensFor(
  server: Pick<TestServer, 'issuer' | 'url'>,
  { clientId, userName, scope = 'openid offline_access' }: { clientId: string; userName: string; scope?: string },
  agent = new UserAgent({ via: { [server.issuer]: server.url } }),
): Promise<Tokens> {
  const { code, pkce } = await signIn(agent, {
    issuer: server.issuer,
    clientId,
    redirectUri,
    userName,
    password,
    scope,
  });
  const answer = await redeem(server.url, { clientId, redirectUri, code, pkce });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`no tokens: ${answer.status} ${text}`);
  return JSON.parse(text) as Tokens;
}
