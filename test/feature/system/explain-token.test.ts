import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AdminApi, Json } from '../../support/admin-api.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { runHere } from '../cli/a-terminal.ts';
import { aPerson, aPublicClient, tokensFor } from './relying-party.ts';

const API = 'https://api.example.com';
const OPAQUE = 'https://opaque.example.com';
let server: TestServer;
let admin: AdminApi;
let secret: string;
let roleId: string;

beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  const permissions = [{ value: 'orders:read' }, { value: 'orders:write' }];
  await admin.post('/resource-servers', { identifier: API, permissions });
  await admin.post('/resource-servers', {
    identifier: OPAQUE,
    accessTokenFormat: 'opaque',
    permissions: [{ value: 'stock:read' }],
  });
  const role = { name: 'clerk', permissions: [{ resource: API, values: ['orders:read'] }] };
  roleId = String((await admin.post('/roles', role)).id);
  const worker = await admin.post('/clients', {
    client_id: 'worker',
    grant_types: ['client_credentials'],
    permissions: [
      { resource: API, values: ['orders:write'] },
      { resource: OPAQUE, values: ['stock:read'] },
    ],
  });
  secret = String(worker.client_secret);
  await admin.post('/role-assignments', { roleId, clientId: 'worker' });
}, 120_000);

afterAll(() => server?.stop());

async function clientToken(resource: string): Promise<string> {
  const answer = await fetch(`${server.url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`worker:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
  });
  return String(((await answer.json()) as Json).access_token);
}

async function personsToken(): Promise<{ token: string; userId: string }> {
  const clientId = await aPublicClient(admin);
  const { id, userName } = await aPerson(admin);
  const group = await admin.post('/groups', { displayName: `Sales of ${userName}`, members: [{ value: id }] });
  await admin.post('/role-assignments', { roleId, groupId: group.id });
  const tokens = await tokensFor(server, { clientId, userName, scope: 'orders:read orders:write' });
  return { token: tokens.access_token, userId: id };
}

const explain = (body: Json) => admin.post('/explain', body);
const ways = ({ permissions }: Json) =>
  (permissions as { permission: string; paths: { steps: { type: string }[] }[] }[]).map(({ permission, paths }) => [
    permission,
    ...paths.map(({ steps }) => steps.map(({ type }) => type).join(' → ')),
  ]);
const endsOf = ({ ends }: Json) => (ends as { code: string }[]).map(({ code }) => code);

describe('issue 3 item 6: explain a client and a token', () => {
  it('of a JWT and of an opaque one, each permission has its path of assignments', async () => {
    const jwt = await explain({ clientId: 'worker', token: await clientToken(API) });
    const opaque = await explain({ token: await clientToken(OPAQUE) });

    expect(jwt).toMatchObject({ clientId: 'worker', resource: API, ends: [] });
    expect(ways(jwt).sort()).toEqual([
      ['orders:read', 'client → role → permission'],
      ['orders:write', 'client → permission'],
    ]);
    expect(ways(opaque)).toEqual([['stock:read', 'client → permission']]);
  });

  it('of a person, it is theirs: person → group → role → permission', async () => {
    const { token, userId } = await personsToken();

    const answer = await explain({ token });

    expect(answer).toMatchObject({ userId, resource: API, scopes: ['orders:read'], ends: [] });
    expect(ways(answer)).toEqual([['orders:read', 'user → group → role → permission']]);
  });

  it('one that does not count any more says why', async () => {
    const { token, userId } = await personsToken();
    const mine = await clientToken(API);

    await admin.patch(`/users/${userId}`, { active: false });
    const person = await explain({ token });
    await admin.patch('/clients/worker', { enabled: false });
    const client = await explain({ token: mine });
    await admin.patch('/clients/worker', { enabled: true });

    expect(endsOf(person)).toEqual(['token_grant_ended', 'token_session_ended']);
    expect(endsOf(client)).toEqual(['token_client_access_ended']);
    expect(JSON.stringify(person.permissions)).toContain('user_inactive');
  });

  it('what is no access token of ours, or of another client, is a 404', async () => {
    const token = await clientToken(API);
    const [header, payload] = token.split('.');

    for (const body of [
      { token: 'nothing' },
      { token: 'a.b.c' },
      { token: `${header}.${payload}.${'A'.repeat(86)}` },
      { token, clientId: 'someone-else' },
    ])
      expect((await admin.call('POST', '/explain', body)).status).toBe(404);
    expect((await admin.call('POST', '/explain', { token, permission: 'x' })).status).toBe(422);
  });

  it('the same from the command line, the token from standard input', async () => {
    const { token } = await personsToken();
    const place = { env: server.env, cwd: process.cwd() };

    const told = await runHere(['tokens', 'explain'], { ...place, input: `${token}\n` });
    const json = await runHere(['tokens', 'explain', '--json'], { ...place, input: token });
    const unknown = await runHere(['tokens', 'explain'], { ...place, input: 'nothing' });

    expect(told.out).toMatch(/→ group Sales of .* → role clerk → permission orders:read/);
    expect(JSON.parse(json.out)).toMatchObject({ resource: API, scopes: ['orders:read'] });
    expect([unknown.code, unknown.err.trim().split('\n').length]).toEqual([1, 1]);
    expect(told.out + json.out).not.toContain(token);
  });
});
