import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scimRoutes } from '../../../src/endpoints/scim/scim-endpoints.ts';
import type { AdminClient, Json } from '../../support/admin-api.ts';
import { redeem, signIn, UserAgent } from '../../support/user-agent.ts';
import { type TwoOrganizations, twoOrganizations } from './two-organizations.ts';

let world: TwoOrganizations;
let token: string;

beforeAll(async () => {
  world = await twoOrganizations();
  const client = await world.everywhere.post('/clients', {
    client_id: 'acme-directory',
    grant_types: ['client_credentials'],
    organization_id: world.a.id,
    permissions: [{ resource: 'urn:doorward:scim', values: ['scim:read', 'scim:write'] }],
  });
  token = await issue({ clientId: 'acme-directory', secret: String(client.client_secret) });
}, 60_000);

afterAll(() => world.close());

async function issue({ clientId, secret }: AdminClient): Promise<string> {
  const answer = await fetch(`${world.server.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: 'urn:doorward:scim' }),
  });
  return String(((await answer.json()) as Json).access_token);
}

type Answer = { readonly status: number; readonly body: Json; readonly text: string };

async function scim(method: string, path: string, body?: unknown, bearer = token): Promise<Answer> {
  const answer = await fetch(`${world.server.issuer}/scim/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Json), text };
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const routes = () =>
  scimRoutes({
    issuer: 'http://localhost',
    hashPassword: async () => '',
    userAttributes: { all: async () => [] },
    findClient: async () => undefined,
    onError: () => {},
    readAs: world.server.foundation.readAs,
  }).map(([route]) => route);

const bodyOf = (method: string, path: string): unknown => {
  if (method === 'PATCH')
    return { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'displayName', value: 'Taken over' }] };
  if (method === 'PUT')
    return path.startsWith('/Users')
      ? { schemas: [USER], userName: 'taken' }
      : { schemas: [GROUP], displayName: 'Taken' };
  return undefined;
};

/** Everything that a change would touch; requests are recorded, so the log is not among it. */
const foreignIds = () => [world.b.id, world.b.person, world.b.guest, world.b.team, world.b.assignment];

describe('SECURITY-LESSONS 15: a provisioning client of one organization', () => {
  it('gets 404 for every id of another from every operation, by bulk as well, and nothing changes', async () => {
    const before = await world.digest();
    for (const { method, path } of routes().filter((route) => route.path.includes(':id'))) {
      for (const id of foreignIds()) {
        const address = path.replace(':id', id);
        const alone = await scim(method, address, bodyOf(method, path));
        expect([method, address, alone.status]).toEqual([method, address, 404]);
        if (method === 'GET') continue;
        const bulk = await scim('POST', '/Bulk', {
          schemas: [BULK],
          Operations: [{ method, path: address, data: bodyOf(method, path) }],
        });
        expect([method, address, (bulk.body.Operations as Json[])[0]?.status]).toEqual([method, address, '404']);
        const dry = await scim(method, `${address}?dryRun=true`, bodyOf(method, path));
        expect([method, address, dry.status]).toEqual([method, address, 404]);
      }
    }
    expect(await world.digest()).toEqual(before);
    expect(world.server.errors).toEqual([]);
  }, 60_000);

  it('finds and counts nothing of it, whatever it asks for', async () => {
    const { a, b } = world;
    const filters = [
      `userName eq "${b.name}-person@example.com"`,
      `userName sw "${b.name}"`,
      'userName pr',
      `groups.value eq "${b.team}"`,
      `groups.display sw "${b.name}"`,
      `id eq "${b.person}" or id eq "${b.guest}"`,
      `not (userName co "nobody")`,
    ];
    for (const filter of filters) {
      const listed = await scim('GET', `/Users?${new URLSearchParams({ filter })}`);
      const searched = await scim('POST', '/Users/.search', { schemas: [SEARCH], filter });
      for (const { status, text, body } of [listed, searched]) {
        expect([filter, status]).toEqual([filter, 200]);
        for (const id of foreignIds()) expect([filter, text.includes(id)]).toEqual([filter, false]);
        expect([0, 2]).toContain(body.totalResults);
      }
    }
    for (const filter of [`displayName eq "${b.name} Team"`, `members.value eq "${b.person}"`, 'displayName pr']) {
      const { body, text } = await scim('GET', `/Groups?${new URLSearchParams({ filter })}`);
      expect([filter, text.includes(b.team), Number(body.totalResults) <= 1]).toEqual([filter, false, true]);
    }
    const root = await scim('POST', '/.search', { schemas: [SEARCH], filter: 'id pr' });
    for (const id of foreignIds()) expect(root.text.includes(id)).toBe(false);
    expect(root.text).toContain(a.person);
    expect(world.server.errors).toEqual([]);
  });

  it('makes people and teams of its own, changes and deletes them; a guest it sees and leaves alone', async () => {
    const { a, b, everywhere } = world;
    const made = await scim('POST', '/Users', { schemas: [USER], userName: 'ann@acme.example' });
    const team = await scim('POST', '/Groups', {
      schemas: [GROUP],
      displayName: `${b.name} Team`,
      members: [{ value: made.body.id }],
    });
    const members = await everywhere.get(`/organizations/${a.id}/members`);

    expect([made.status, team.status]).toEqual([201, 201]);
    expect(members.members).toContainEqual({ value: made.body.id, display: 'ann@acme.example', managed: true });
    expect((await everywhere.get(`/groups/${team.body.id}`)).organizationId).toBe(a.id);
    expect((await scim('PATCH', `/Users/${made.body.id}`, bodyOf('PATCH', '/Users'))).status).toBe(200);
    const add = { op: 'add', path: 'members', value: [{ value: b.person }] };
    const foreign = await scim('PATCH', `/Groups/${team.body.id}`, { schemas: [PATCH_OP], Operations: [add] });
    expect(foreign.status).toBe(400);
    const off = { op: 'replace', path: 'active', value: false };
    expect(
      (await scim('PATCH', `/Users/${made.body.id}`, { schemas: [PATCH_OP], Operations: [off] })).body.active,
    ).toBe(false);
    expect((await scim('DELETE', `/Groups/${team.body.id}`)).status).toBe(204);
    expect((await scim('DELETE', `/Users/${made.body.id}`)).status).toBe(204);
    expect((await scim('GET', `/Users/${a.guest}`)).status).toBe(200);
    expect((await scim('PATCH', `/Users/${a.guest}`, bodyOf('PATCH', '/Users'))).status).toBe(403);
    expect((await scim('DELETE', `/Users/${a.guest}`)).status).toBe(403);
    expect(world.server.errors).toEqual([]);
  });

  it('a client is of an organization that there is, as long as it is active', async () => {
    const { a, everywhere } = world;
    const unknown = await everywhere.call('POST', '/clients', {
      client_id: 'lost',
      organization_id: '00000000-0000-7000-8000-000000000000',
      grant_types: ['client_credentials'],
    });
    expect([unknown.status, unknown.body.code]).toEqual([422, 'clients.organization_unknown']);
    expect((await everywhere.get('/clients/acme-directory')).organization_id).toBe(a.id);

    await everywhere.patch(`/organizations/${a.id}`, { status: 'suspended' });
    const suspended = (await scim('GET', '/Users')).status;
    await everywhere.patch(`/organizations/${a.id}`, { status: 'active' });

    expect([suspended, (await scim('GET', '/Users')).status]).toEqual([403, 200]);
  });
});

describe('RFC 7644 §3.11: /Me of a person whose token is for an organization', () => {
  const secret = 'seven otters keep the ledger';

  /** Somebody who holds `scim:write` in A, as a guest or at home there, and a token for it. */
  async function aMember(managed: boolean) {
    const { a, everywhere, server } = world;
    const person = await everywhere.post('/users', { userName: `me-${managed}@example.com`, password: secret });
    const permissions = [{ resource: 'urn:doorward:scim', values: ['scim:read', 'scim:write'] }];
    const role = await everywhere.post('/roles', { name: `provisioner-${managed}`, permissions });
    await everywhere.call('POST', `/organizations/${a.id}/members`, { members: [{ value: person.id, managed }] });
    await everywhere.post(`/organizations/${a.id}/role-assignments`, { roleId: role.id, userId: person.id });
    const redirectUri = 'http://127.0.0.1:9/callback';
    const { client_id: clientId } = await everywhere.post('/clients', {
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: 'none',
      first_party: true,
    });
    const app = { clientId: String(clientId), redirectUri };
    const code = await signIn(new UserAgent(), {
      ...{ issuer: server.issuer, ...app, userName: String(person.userName), password: secret },
      scope: 'scim:read scim:write',
      parameters: { resource: 'urn:doorward:scim' },
    });
    const answer = await redeem(server.issuer, { ...app, ...code, organization: a.id });
    return { id: person.id, token: String(((await answer.json()) as Json).access_token) };
  }

  it('a guest sees themselves and changes nothing: neither their account, nor by half', async () => {
    const { token: own } = await aMember(false);
    const before = await world.digest();

    const answers = [
      await scim('PATCH', '/Me', bodyOf('PATCH', '/Users'), own),
      await scim('PUT', '/Me', bodyOf('PUT', '/Users'), own),
      await scim('DELETE', '/Me', undefined, own),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(await world.digest()).toEqual(before);
    expect((await scim('GET', '/Me', undefined, own)).status).toBe(200);
  });

  it('whose account it manages changes and deletes themselves', async () => {
    const { id, token: own } = await aMember(true);

    expect((await scim('PATCH', '/Me', bodyOf('PATCH', '/Users'), own)).body.displayName).toBe('Taken over');
    expect((await scim('DELETE', '/Me', undefined, own)).status).toBe(204);
    expect((await world.everywhere.call('GET', `/users/${id}`)).status).toBe(404);
    expect(world.server.errors).toEqual([]);
  });
});
