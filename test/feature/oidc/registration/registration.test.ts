import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, redeem } from '../../../support/provider-browser.ts';
import { addResourceServer, addUser } from '../../../support/provider-seed.ts';

let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addResourceServer(idp, { identifier: 'https://mcp.example', permissions: ['mcp:tools'] });
  alice = await addUser(idp, { userName: 'alice' });
});

afterAll(() => idp.end());

type Registered = Record<string, unknown>;
const METADATA = { client_name: 'A tool', redirect_uris: ['https://rp.example/callback'] };

async function send(method: string, path: string, token: string | undefined, body?: unknown) {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(new URL(path, idp.address), {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Registered };
}

const register = async (metadata: Registered = METADATA) =>
  send('POST', '/register', await idp.host.clients.issueInitialAccessToken({ lifetimeSeconds: 600 }), metadata);

describe('dynamic registration (RFC 7591)', () => {
  it('§3: with an initial access token a client registers, and signs people in after consent', async () => {
    const { status, body } = await register();
    const clientId = String(body.client_id);
    const signedIn = await obtainCode(idp, { clientId }, { accountId: alice });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      client_name: 'A tool',
      client_secret: expect.any(String),
      registration_client_uri: `${idp.issuer}/register/${clientId}`,
    });
    expect((await redeem(idp, signedIn, basic(clientId, String(body.client_secret)))).status).toBe(200);
    const { rows } = await idp.pool.query(`SELECT first_party, require_pkce FROM clients WHERE client_id = $1`, [
      clientId,
    ]);
    expect(rows).toEqual([{ first_party: false, require_pkce: true }]);
  });

  it('§3: without, or with a token of another kind, it is refused', async () => {
    expect((await send('POST', '/register', undefined, METADATA)).status).toBe(401);
    expect((await send('POST', '/register', 'nothing', METADATA)).status).toBe(401);
  });

  it('DESIGN §9: the MCP SDK names permissions of resource servers as scope; unknown ones are refused', async () => {
    const known = await register({ ...METADATA, scope: 'openid mcp:tools', token_endpoint_auth_method: 'none' });
    const unknown = await register({ ...METADATA, scope: 'openid mcp:everything' });

    expect([known.status, known.body.scope]).toEqual([201, 'openid mcp:tools']);
    expect([unknown.status, unknown.body.error]).toEqual([400, 'invalid_client_metadata']);
  });

  it('SECURITY-LESSONS 17: settings of ours cannot be registered', async () => {
    const { body } = await register({
      ...METADATA,
      first_party: true,
      require_pkce: false,
      enabled: true,
      permissions: [{ resource: 'urn:doorward:admin', values: ['users:write'] }],
    });

    const { rows } = await idp.pool.query(
      `SELECT first_party, require_pkce, metadata FROM clients WHERE client_id = $1`,
      [body.client_id],
    );
    expect(rows[0]).toMatchObject({ first_party: false, require_pkce: true });
    expect(rows[0].metadata).not.toHaveProperty('first_party');
    expect(rows[0].metadata).not.toHaveProperty('client_secret');
  });

  it.each([
    { redirect_uris: ['javascript:alert(1)'] },
    { redirect_uris: ['https://rp.example/cb#fragment'] },
    { redirect_uris: 'https://rp.example/cb' },
    { ...METADATA, token_endpoint_auth_method: 'anything' },
    { ...METADATA, grant_types: ['password'] },
    { ...METADATA, response_types: ['token'] },
    { ...METADATA, jwks: { keys: [{ kty: 'oct', k: 'AA' }] } },
  ])('§3.2.2: %j is refused', async (metadata) => {
    const { status } = await register(metadata);

    expect(status).toBe(400);
  });
});

describe('management (RFC 7592)', () => {
  it('§2: read without the secret, update with a rotated token, delete', async () => {
    const { body } = await register();
    const path = `/register/${body.client_id}`;
    const read = await send('GET', path, String(body.registration_access_token));
    const changed = { ...METADATA, client_id: body.client_id, client_name: 'Renamed' };
    const updated = await send('PUT', path, String(body.registration_access_token), changed);

    expect(read.body).toMatchObject({ client_name: 'A tool' });
    expect(read.body).not.toHaveProperty('client_secret');
    expect(updated.body).toMatchObject({ client_name: 'Renamed' });
    expect((await send('GET', path, String(body.registration_access_token))).status).toBe(401);
    const secretStill = await obtainCode(idp, { clientId: String(body.client_id) }, { accountId: alice });
    expect((await redeem(idp, secretStill, basic(String(body.client_id), String(body.client_secret)))).status).toBe(
      200,
    );
    expect((await send('DELETE', path, String(updated.body.registration_access_token))).status).toBe(204);
    expect((await idp.pool.query('SELECT 1 FROM clients WHERE client_id = $1', [body.client_id])).rows).toEqual([]);
  });

  it('SECURITY-LESSONS 8: a disabled client cannot switch itself back on', async () => {
    const { body } = await register();
    await idp.pool.query('UPDATE clients SET enabled = false WHERE client_id = $1', [body.client_id]);
    idp.changes.applyLocally({ topic: 'clients', key: '*' });

    const { status } = await send('PUT', `/register/${body.client_id}`, String(body.registration_access_token), {
      ...METADATA,
      client_id: body.client_id,
    });

    expect(status).toBe(401);
    expect((await idp.pool.query('SELECT enabled FROM clients WHERE client_id = $1', [body.client_id])).rows).toEqual([
      { enabled: false },
    ]);
  });
});
