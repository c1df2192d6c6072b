import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { adminApi } from '../../support/admin-api.ts';
import { redeem, signIn, UserAgent } from '../../support/user-agent.ts';
import {
  aScimApi,
  type Body,
  ENTERPRISE,
  GROUP,
  issueToken,
  query,
  resourcesOf,
  type ScimApi,
  SEARCH,
  USER,
  uniqueName,
} from './scim-api.ts';

jest.setTimeout(60_000);

let api: ScimApi;
let limited: string;
let groupsOnly: string;
let memberships: string;

const SCIM = { resource: 'urn:doorward:scim', values: ['scim:read', 'scim:write'] };

async function aLimitedClient(scim_attributes: readonly string[]): Promise<string> {
  const { client_id: clientId, client_secret: secret } = await api.admin.post('/clients', {
    client_name: 'A source of some attributes',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    permissions: [SCIM],
    scim_attributes,
  });
  return issueToken(api.server.issuer, { clientId: String(clientId), secret: String(secret) });
}

beforeAll(async () => {
  api = await aScimApi();
  limited = await aLimitedClient(['userName', 'title', 'emails', `${ENTERPRISE}:department`]);
  groupsOnly = await aLimitedClient([`${GROUP}:displayName`]);
  memberships = await aLimitedClient([`${GROUP}:displayName`, `${GROUP}:members`, 'userName', 'active']);
});
afterAll(() => api.close());

const aWholePerson = () =>
  api.aUser({
    displayName: 'Whole Person',
    title: 'Clerk',
    name: { familyName: 'Person' },
    emails: [{ value: `${uniqueName('whole')}@example.com`, primary: true }],
    phoneNumbers: [{ value: '+49 1' }],
    externalId: uniqueName('hr'),
    [ENTERPRISE]: { department: 'Sales', employeeNumber: uniqueName('e') },
  });

const as = (token: string) => (method: string, path: string, body?: unknown) => api.call(method, path, { token, body });
const patch = (...Operations: Body[]) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });

describe('issue 4 item 4: a client limited to certain attributes neither sees nor writes the others', () => {
  it('shows them alone: of one, in lists, by .search, after changes, and in Schemas', async () => {
    const person = await aWholePerson();
    const call = as(limited);
    const path = `/Users/${person.id}`;
    const schemas = await call('GET', '/Schemas');

    const answers = [
      (await call('GET', path)).body,
      ...resourcesOf(await call('GET', `/Users${query({ filter: `userName eq "${person.userName}"` })}`)),
      ...resourcesOf(
        await call('POST', '/.search', {
          schemas: [SEARCH],
          filter: `userName eq "${person.userName}"`,
          attributes: ['userName', 'displayName', 'title', 'emails', ENTERPRISE],
        }),
      ),
      (await call('PATCH', path, patch({ op: 'replace', path: 'title', value: 'Lead' }))).body,
    ];

    expect(answers).toHaveLength(4);
    for (const body of answers) {
      const names = Object.keys(body).filter((name) => !['schemas', 'id', 'meta'].includes(name));
      expect(names.sort()).toEqual(['emails', 'title', ENTERPRISE, 'userName'].sort());
      expect(body[ENTERPRISE]).toEqual({ department: 'Sales' });
    }
    const described = (schemas.body.Resources as Body[]).flatMap(({ id, attributes }) =>
      (attributes as Body[]).map(({ name }) => [id, name]),
    );
    expect(described.sort()).toEqual(
      [
        [USER, 'emails'],
        [USER, 'title'],
        [USER, 'userName'],
        [ENTERPRISE, 'department'],
      ].sort(),
    );
  });

  it.each<[string, string, string, Body | undefined]>([
    ['a filter on another attribute', 'GET', `/Users${query({ filter: 'displayName sw "W"' })}`, undefined],
    ['a filter on an extension', 'GET', `/Users${query({ filter: `${ENTERPRISE}:employeeNumber pr` })}`, undefined],
    ['order by another attribute', 'GET', `/Users${query({ sortBy: 'name.familyName' })}`, undefined],
    ['a patch of another attribute', 'PATCH', '/Users/:id', patch({ op: 'replace', path: 'displayName', value: 'x' })],
    ['a patch without a path', 'PATCH', '/Users/:id', patch({ op: 'replace', value: { active: false } })],
    ['a password', 'PATCH', '/Users/:id', patch({ op: 'replace', path: 'password', value: 'nine green birds sing' })],
    ['a value path', 'PATCH', '/Users/:id', patch({ op: 'remove', path: 'phoneNumbers[value pr]' })],
    ['an extension attribute', 'PATCH', '/Users/:id', patch({ op: 'remove', path: `${ENTERPRISE}:employeeNumber` })],
    ['a creation with more', 'POST', '/Users', { schemas: [USER], userName: 'limited-x', active: true }],
  ])('SECURITY-LESSONS 17: %s is refused, and nothing is changed', async (_, method, path, body) => {
    const person = await aWholePerson();

    const reply = await as(limited)(method, path.replace(':id', String(person.id)), body);

    expect(reply.status).toBe(400);
    expect(((await api.call('GET', `/Users/${person.id}`)).body.meta as Body).version).toBe(
      (person.meta as Body).version,
    );
  });

  it('PUT replaces its attributes and leaves the others as they are', async () => {
    const person = await aWholePerson();

    const reply = await as(limited)('PUT', `/Users/${person.id}`, { schemas: [USER], userName: person.userName });

    const now = (await api.call('GET', `/Users/${person.id}`)).body;
    expect(reply.status).toBe(200);
    expect(now).toMatchObject({
      displayName: 'Whole Person',
      active: true,
      name: { familyName: 'Person' },
      externalId: person.externalId,
      phoneNumbers: person.phoneNumbers,
      [ENTERPRISE]: { employeeNumber: (person[ENTERPRISE] as Body).employeeNumber },
    });
    expect(now).not.toHaveProperty('title');
    expect(now).not.toHaveProperty('emails');
    expect(now[ENTERPRISE]).not.toHaveProperty('department');
  });

  it('nothing is deleted without active or displayName, and what has no attribute at all is closed', async () => {
    const [person, group] = [await aWholePerson(), await api.aGroup()];
    const reply = (token: string, method: string, path: string) => as(token)(method, path);

    const refused = await Promise.all([
      reply(limited, 'DELETE', `/Users/${person.id}`),
      reply(limited, 'GET', '/Groups'),
      reply(limited, 'DELETE', `/Groups/${group.id}`),
      reply(groupsOnly, 'GET', '/Users'),
      reply(groupsOnly, 'GET', `/Users/${person.id}`),
      reply(groupsOnly, 'DELETE', `/Users/${person.id}`),
    ]);
    const allowed = await reply(memberships, 'DELETE', `/Users/${person.id}`);

    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 403));
    expect(allowed.status).toBe(204);
  });

  it('groups: members are neither shown nor replaced by who deals with their names alone', async () => {
    const person = await api.aUser();
    const group = await api.aGroup({ externalId: 'keep', members: [{ value: person.id }] });
    const displayName = uniqueName('renamed');

    const renamed = await as(groupsOnly)('PUT', `/Groups/${group.id}`, { schemas: [GROUP], displayName });
    const patched = await as(groupsOnly)('PATCH', `/Groups/${group.id}`, patch({ op: 'remove', path: 'members' }));
    const added = await as(memberships)('GET', `/Groups/${group.id}`);

    expect(renamed.body).toMatchObject({ displayName });
    expect(renamed.body).not.toHaveProperty('members');
    expect(patched.status).toBe(400);
    expect(added.body).toMatchObject({ members: [{ value: person.id }] });
    expect((await api.call('GET', `/Groups/${group.id}`)).body).toMatchObject({ externalId: 'keep', displayName });
  });

  it('an attribute that does not exist is refused by name when the client is registered', async () => {
    const client = { client_name: 'x', grant_types: ['client_credentials'], permissions: [SCIM] };

    const unknown = await api.admin.call('POST', '/clients', { ...client, scim_attributes: ['userName', 'shoeSize'] });

    expect(unknown).toMatchObject({ status: 422, body: { errors: [{ pointer: '/scim_attributes/1' }] } });
  });
});

describe('SECURITY-LESSONS 14: a limit is not lifted by whom it holds', () => {
  it('a limited client with clients:write and scim:write gives SCIM permissions to nobody, itself included', async () => {
    const aClient = (more: Body) =>
      api.admin.post('/clients', {
        client_name: 'A client',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        permissions: [SCIM, { resource: 'urn:doorward:admin', values: ['clients:read', 'clients:write'] }],
        ...more,
      });
    const [own, whole, other] = [
      await aClient({ scim_attributes: ['userName', 'title'] }),
      await aClient({}),
      await aClient({ permissions: [] }),
    ];
    const limitedAdmin = await adminApi({
      url: api.server.issuer,
      client: { clientId: String(own.client_id), secret: String(own.client_secret) },
    });
    const attempts: [string, string, Body][] = [
      ['PATCH', `/clients/${own.client_id}`, { scim_attributes: null }],
      ['PATCH', `/clients/${own.client_id}`, { scim_attributes: ['userName', 'title', 'active'] }],
      ['PATCH', `/clients/${whole.client_id}`, { client_name: 'mine' }],
      ['POST', `/clients/${whole.client_id}/secrets`, {}],
      ['PATCH', `/clients/${other.client_id}`, { permissions: [SCIM] }],
      ['POST', '/clients', { client_name: 'x', grant_types: ['client_credentials'], permissions: [SCIM] }],
    ];

    const refused: Body[] = [];
    for (const [method, path, body] of attempts) refused.push(await limitedAdmin.call(method, path, body));
    const harmless = await limitedAdmin.call('PATCH', `/clients/${other.client_id}`, { client_name: 'renamed' });

    for (const answer of refused)
      expect(answer).toMatchObject({ status: 403, body: { code: 'access.exceeds_own_permissions' } });
    expect((await api.admin.get(`/clients/${own.client_id}`)).scim_attributes).toEqual(['userName', 'title']);
    expect(harmless.status).toBe(200);
  });
});

describe('RFC 7644 §3.11: /Me with a person’s own token', () => {
  it('shows the person themselves, with the attributes that are theirs to see, and opens nothing else', async () => {
    const CUSTOM = 'urn:doorward:params:scim:schemas:extension:custom:2.0:User';
    await api.admin.post('/user-attributes', { name: 'mine', schema: { type: 'string' }, readableBy: ['self'] });
    await api.admin.post('/user-attributes', { name: 'theirs', schema: { type: 'string' }, readableBy: ['admin'] });
    const password = 'seven otters keep the ledger';
    const person = await api.admin.post('/users', {
      userName: uniqueName('me'),
      password,
      [CUSTOM]: { mine: 'shown', theirs: 'not shown' },
    });
    const redirectUri = 'http://127.0.0.1:9/callback';
    const { client_id: clientId } = await api.admin.post('/clients', {
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: 'none',
      first_party: true,
    });
    const signedIn = await signIn(new UserAgent(), {
      issuer: api.server.issuer,
      clientId: String(clientId),
      redirectUri,
      userName: String(person.userName),
      password,
      scope: 'profile',
      parameters: { resource: 'urn:doorward:scim' },
    });
    const answer = await redeem(api.server.issuer, { clientId: String(clientId), redirectUri, ...signedIn });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const call = as(token);

    const me = await call('GET', '/Me');
    const others = await Promise.all([
      call('GET', `/Users/${person.id}`),
      call('GET', '/Users'),
      call('PATCH', '/Me', patch({ op: 'replace', path: 'title', value: 'x' })),
      call('DELETE', '/Me'),
    ]);

    expect(me).toMatchObject({ status: 200, body: { id: person.id, [CUSTOM]: { mine: 'shown' } } });
    expect(me.headers.get('content-location')).toBe(`${api.base}/Users/${person.id}`);
    expect(me.text).not.toContain('not shown');
    expect(others.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });
});
