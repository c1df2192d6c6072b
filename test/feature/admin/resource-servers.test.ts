import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccessApi, ADMIN, anAccessApi } from './access-api.ts';
import { faults, items } from './people-api.ts';

let api: AccessApi;

beforeAll(async () => {
  api = await anAccessApi();
});

afterAll(() => api.close());

let count = 0;
const aServer = (more: object = {}) => {
  count += 1;
  return api.done('POST', '/resource-servers', { identifier: `https://api${count}.example.com`, ...more });
};

describe('resource servers (RFC 8707)', () => {
  it('are created with defaults and their permissions, with ETag, Location and an audit event', async () => {
    const permissions = [{ value: 'orders:read', description: 'Read orders' }, { value: 'orders:write' }];

    const reply = await api.call('POST', '/resource-servers', {
      body: { identifier: 'https://api.example.com', permissions },
    });

    expect(reply.status).toBe(201);
    expect(reply.headers.get('location')).toBe(`/admin/v1/resource-servers/${reply.body.id}`);
    expect(reply.body).toMatchObject({
      name: 'https://api.example.com',
      accessTokenFormat: 'jwt',
      accessTokenType: 'at+jwt',
      accessTokenLifetimeSeconds: 300,
      signingAlg: 'ES256',
      builtIn: false,
      permissions,
    });
    expect(await api.auditOf(reply)).toMatchObject([{ type: 'resource-servers.created', targetId: reply.body.id }]);
    expect((await api.call('GET', String(reply.headers.get('location')))).body).toEqual(reply.body);
  });

  it.each(['urn:example:inventory', 'https://api.example.com/v2/', 'api://orders', 'https://x.example.com?tenant=1'])(
    'RFC 8707 §2: any absolute URI is an identifier: %s',
    async (identifier) => {
      expect((await api.call('POST', '/resource-servers', { body: { identifier } })).status).toBe(201);
    },
  );

  it.each([
    ['a relative one', { identifier: '/api' }, ['/identifier']],
    ['one with a fragment', { identifier: 'https://api.example.com#x' }, ['/identifier']],
    ['one with white space', { identifier: 'https://api.example.com/a b' }, ['/identifier']],
    ['one of the product', { identifier: 'urn:doorward:scim' }, ['/identifier']],
    ['an unknown format', { identifier: 'urn:a:b', accessTokenFormat: 'paseto' }, ['/accessTokenFormat']],
    [
      'a lifetime of days',
      { identifier: 'urn:a:b', accessTokenLifetimeSeconds: 90_000 },
      ['/accessTokenLifetimeSeconds'],
    ],
    ['columns that are not input', { identifier: 'urn:a:b', builtIn: true, id: 'x' }, ['/builtIn', '/id']],
    [
      'the same value twice',
      { identifier: 'urn:a:b', permissions: [{ value: 'a' }, { value: 'a' }] },
      ['/permissions'],
    ],
  ])('%s is refused', async (_, body, pointers) => {
    const reply = await api.call('POST', '/resource-servers', { body });

    expect([reply.status, faults(reply)]).toEqual([422, pointers]);
  });

  it.each([
    'openid',
    'profile',
    'email',
    'address',
    'phone',
    'offline_access',
    'roles',
    'groups',
    'permissions',
    '',
    'two words',
    'quo"te',
    'back\\slash',
    'ümlaut',
    'new\nline',
  ])('RFC 6749 §3.3, DESIGN §8: %j is no permission value', async (value) => {
    const server = await aServer();

    const inline = await api.call('PATCH', `/resource-servers/${server.id}`, { body: { permissions: [{ value }] } });
    const single = await api.call('POST', '/permissions', { body: { resourceServerId: server.id, value } });

    expect([inline.status, faults(inline)[0]]).toEqual([422, '/permissions/0/value']);
    expect([single.status, faults(single)[0]]).toEqual([422, '/value']);
  });

  it('two with one identifier at once: one is refused with 409', async () => {
    const body = { identifier: 'urn:example:race' };

    const replies = await Promise.all([1, 2, 3].map(() => api.call('POST', '/resource-servers', { body })));

    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('PATCH keeps the ids of permissions that stay, and so the roles that have them', async () => {
    const server = await aServer({ permissions: [{ value: 'keep' }, { value: 'drop' }] });
    const role = await api.done('POST', '/roles', {
      name: `role of ${server.id}`,
      permissions: [{ resource: server.identifier, values: ['keep', 'drop'] }],
    });

    const reply = await api.call('PATCH', `/resource-servers/${server.id}`, {
      body: { permissions: [{ value: 'keep', description: 'kept' }, { value: 'add' }], accessTokenFormat: 'opaque' },
    });

    expect(reply.body).toMatchObject({
      version: 2,
      permissions: [{ value: 'add' }, { value: 'keep', description: 'kept' }],
    });
    expect((await api.done('GET', `/roles/${role.id}`)).permissions).toEqual([
      { resource: server.identifier, values: ['keep'] },
    ]);
    expect((await api.auditOf(reply))[0]).toMatchObject({
      type: 'resource-servers.updated',
      details: { changed: { accessTokenFormat: { from: 'jwt', to: 'opaque' } } },
    });
  });

  it('the identifier does not change, an old version is 412, and what changes nothing leaves no trace', async () => {
    const server = await aServer();
    const path = `/resource-servers/${server.id}`;

    const moved = await api.call('PATCH', path, { body: { identifier: 'urn:a:moved' } });
    const nothing = await api.call('PATCH', path, { body: { signingAlg: 'ES256', permissions: [] } });
    await api.done('PATCH', path, { name: 'new' });
    const late = await api.call('DELETE', path, { headers: { 'if-match': '"1"' } });

    expect([moved.status, faults(moved)]).toEqual([422, ['/identifier']]);
    expect([nothing.body.version, await api.auditOf(nothing)]).toEqual([1, []]);
    expect(late.status).toBe(412);
    expect((await api.call('DELETE', path, { headers: { 'if-match': '"2"' } })).status).toBe(204);
    expect((await api.call('GET', path)).status).toBe(404);
  });

  it('the built-in one and its permissions can be neither changed nor deleted', async () => {
    const [server] = items(await api.call('GET', `/resource-servers?identifier=${ADMIN}`), 'resourceServers');
    const [permission] = items(await api.call('GET', `/permissions?resource=${ADMIN}&value=users:read`), 'permissions');
    const before = await api.read.query('SELECT * FROM permissions ORDER BY id');

    const replies = [
      await api.call('PATCH', `/resource-servers/${server?.id}`, { body: { accessTokenLifetimeSeconds: 86_400 } }),
      await api.call('PATCH', `/resource-servers/${server?.id}`, { body: { permissions: [] } }),
      await api.call('DELETE', `/resource-servers/${server?.id}`),
      await api.call('POST', '/permissions', { body: { resourceServerId: server?.id, value: 'more:power' } }),
      await api.call('PATCH', `/permissions/${permission?.id}`, { body: { description: 'x' } }),
      await api.call('DELETE', `/permissions/${permission?.id}`),
    ];

    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
      replies.map(() => [409, 'resource_servers.built_in']),
    );
    expect(await api.read.query('SELECT * FROM permissions ORDER BY id')).toEqual(before);
  });
});

describe('permissions', () => {
  it('are added to a resource server, found by value, described anew and deleted', async () => {
    const server = await aServer();
    const body = { resourceServerId: server.id, value: 'reports:run', description: 'Run reports' };

    const created = await api.call('POST', '/permissions', { body });
    const replay = await api.call('POST', '/permissions', { body });
    const found = items(
      await api.call('GET', `/permissions?resource=${server.identifier}&value=reports:run`),
      'permissions',
    );
    const path = `/permissions/${created.body.id}`;
    const described = await api.call('PATCH', path, { body: { description: null } });
    const renamed = await api.call('PATCH', path, { body: { value: 'reports:all' } });
    const deleted = await api.call('DELETE', path);

    expect(created.body).toMatchObject({ ...body, resource: server.identifier, version: 1 });
    expect([replay.status, replay.body.code, faults(replay)]).toEqual([409, 'permissions.value_taken', ['/value']]);
    expect(found).toEqual([created.body]);
    expect([described.body.version, described.body.description]).toEqual([2, undefined]);
    expect([renamed.status, faults(renamed)]).toEqual([422, ['/value']]);
    expect(deleted.status).toBe(204);
    const types = await Promise.all(
      [created, described, deleted].map(async (reply) => (await api.auditOf(reply))[0]?.type),
    );
    expect(types).toEqual(['permissions.created', 'permissions.updated', 'permissions.deleted']);
  });

  it('of a resource server that does not exist are refused with a pointer', async () => {
    const reply = await api.call('POST', '/permissions', {
      body: { resourceServerId: '00000000-0000-7000-8000-000000000000', value: 'x' },
    });

    expect([reply.status, faults(reply)]).toEqual([422, ['/resourceServerId']]);
  });
});
