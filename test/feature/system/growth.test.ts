import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { expireRecords } from '../../../src/domain/sessions/expire-records.ts';
import type { AdminApi } from '../../support/admin-api.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { countTables, onDatabase } from '../../support/tables.ts';
import { authorizationUrl, newPkce, UserAgent } from '../../support/user-agent.ts';
import { aPerson, aPublicClient, type Person, redirectUri, tokensFor } from './relying-party.ts';

jest.setTimeout(120_000);

const rounds = 3;

let server: TestServer;
let admin: AdminApi;
let people: readonly Person[];
let clientId: string;
let url: string;

beforeAll(async () => {
  // No refresh grace: a rotated token is over at once, as it is after the grace.
  server = await startServer({ env: { DOORWARD_REFRESH_TOKEN_GRACE_SECONDS: '0' } });
  url = await server.databaseUrl();
  admin = await server.admin();
  people = await Promise.all([1, 2, 3].map(() => aPerson(admin)));
  clientId = await aPublicClient(admin, {
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  });
}, 60_000);

afterAll(async () => {
  await server?.stop();
});

const post = (path: string, form: Record<string, string>) =>
  fetch(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams({ client_id: clientId, ...form }) });

/** A day in the life: the same people and the same applications, again and again. */
async function steadyLoad(): Promise<void> {
  for (const { id, userName } of people) {
    const agent = new UserAgent({ via: { [server.issuer]: server.url } });
    let { refresh_token: refreshToken = '' } = await tokensFor(server, { clientId, userName }, agent);
    for (let count = 0; count < 3; count += 1) {
      const answer = await post('/token', { grant_type: 'refresh_token', refresh_token: refreshToken });
      refreshToken = String(((await answer.json()) as { refresh_token: string }).refresh_token);
    }
    await tokensFor(server, { clientId, userName }, agent);
    await post('/revoke', { token: refreshToken });
    await post('/device/authorize', { scope: 'openid' });
    await post('/par', {
      redirect_uri: redirectUri,
      response_type: 'code',
      code_challenge: newPkce().challenge,
      code_challenge_method: 'S256',
    });
    await new UserAgent({ via: { [server.issuer]: server.url } }).visit(
      authorizationUrl({ issuer: server.issuer, clientId, redirectUri }, newPkce()),
    );
    const wrong = new UserAgent({ via: { [server.issuer]: server.url } });
    const page = await wrong.visit(authorizationUrl({ issuer: server.issuer, clientId, redirectUri }, newPkce()));
    await wrong.submit(page, 'username', { username: userName, password: 'not the password' });
    await admin.post(`/users/${id}/set-password-link`, {});
    await admin.post(`/clients/${admin.client.clientId}/secrets`, {});
  }
}

/** Two years later: everything that has an end has reached it, as if the clock had been moved. */
function purge(): Promise<void> {
  return onDatabase(url, async (database) => {
    const later = new Date(Date.now() + 2 * 365 * 86_400_000);
    // The statements need no pool, only something that answers queries.
    while (await expireRecords(database as never, later));
  });
}

it('issue item 3: all tables but the audit log stop growing under a steady load', async () => {
  const seen: Record<string, number>[] = [];

  for (let round = 0; round < rounds; round += 1) {
    await steadyLoad();
    await purge();
    seen.push(await countTables(url));
  }

  const isAudit = (name: string) => /^audit_/.test(name);
  const growing = Object.keys(seen[0] ?? {}).filter(
    (name) => !isAudit(name) && (seen.at(-1)?.[name] ?? 0) > (seen[0]?.[name] ?? 0),
  );
  expect(growing.map((name) => `${name}: ${seen.map((counts) => counts[name]).join(' → ')}`)).toEqual([]);
  expect(seen.at(-1)?.provider_records).toBe(0);
});
