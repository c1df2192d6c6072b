import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';

let server: RunningServer;
let admin: AdminApi;

beforeAll(async () => {
  server = await startServer();
  const url = server.configuration.databaseUrl ?? '';
  admin = await adminApi({ url: server.issuer, client: await addAdminClient(url) });
});

afterAll(() => server.stop());

const API = 'https://api.example.com';

/** One of each noun that has versions, and a change of it. In an order in which each can be made. */
const nouns: Readonly<Record<string, { make: () => Promise<Json>; change: Json }>> = {
  '/users/{id}': { make: () => admin.post('/users', { userName: 'versions' }), change: { displayName: 'Vera' } },
  '/groups/{id}': { make: () => admin.post('/groups', { displayName: 'Versions' }), change: { displayName: 'Others' } },
  '/organizations/{id}': {
    make: () => admin.post('/organizations', { name: 'Versions' }),
    change: { displayName: 'Versions Ltd' },
  },
  '/clients/{client_id}': {
    make: () => admin.post('/clients', { client_id: 'versions', grant_types: ['client_credentials'] }),
    change: { client_name: 'Versions' },
  },
  '/resource-servers/{id}': {
    make: () => admin.post('/resource-servers', { identifier: API, permissions: [] }),
    change: { name: 'Versions' },
  },
  '/permissions/{id}': {
    make: async () => {
      const { id } = await admin.post('/resource-servers', { identifier: `${API}/more`, permissions: [] });
      return admin.post('/permissions', { resourceServerId: id, value: 'versions:read' });
    },
    change: { description: 'Read versions' },
  },
  '/roles/{id}': { make: () => admin.post('/roles', { name: 'versions' }), change: { description: 'Of versions' } },
  '/role-assignments/{id}': {
    make: async () => {
      const role = await admin.post('/roles', { name: 'assigned' });
      const user = await admin.post('/users', { userName: 'assigned' });
      return admin.post('/role-assignments', { roleId: role.id, userId: user.id });
    },
    change: { reason: 'for a while' },
  },
  '/user-attributes/{id}': {
    make: () => admin.post('/user-attributes', { name: 'versions', schema: { type: 'string' } }),
    change: { description: 'Of versions' },
  },
  '/policies/{id}': {
    make: () => admin.post('/policies', { name: 'Versions', rules: [] }),
    change: { description: 'Of versions' },
  },
  '/provisioning-targets/{id}': {
    make: async () => {
      const group = await admin.post('/groups', { displayName: 'Provisioned' });
      const authentication = { type: 'bearer', token: 'a-token-nobody-sends' };
      const target = { name: 'Versions', baseUrl: 'https://app.example/scim/v2', authentication, groupId: group.id };
      return admin.post('/provisioning-targets', { ...target, state: 'paused' });
    },
    change: { name: 'Other versions' },
  },
  '/signal-transmitters/{id}': {
    make: () => {
      const issuer = 'https://upstream.example';
      return admin.post('/signal-transmitters', { name: 'Versions', issuer, audience: API, jwksUri: `${issuer}/jwks` });
    },
    change: { name: 'Other versions' },
  },
};

const STALE = ['"99"', 'W/"1"', '"nonsense"', '"2", "3"'];

describe('RFC 9110 §13.1.1: ETag and If-Match, whatever the noun', () => {
  it('every noun that can be seen, changed and deleted is among those tried here', async () => {
    const { paths } = (await admin.get('/openapi.json')) as { paths: Record<string, Record<string, unknown>> };
    const versioned = Object.entries(paths)
      .filter(([, methods]) => 'patch' in methods)
      .map(([path]) => path.replace('/admin/v1', ''));

    expect(versioned.sort()).toEqual(Object.keys(nouns).sort());
  });

  it.each(Object.entries(nouns))(
    '%s: a version that is not the one there is 412 and changes nothing',
    async (path, noun) => {
      const made = await noun.make();
      const place = path.replace(/\{\w+\}/, String(made.id ?? made.client_id));
      const before = await admin.call('GET', place);

      const refused = [];
      for (const version of STALE)
        for (const method of ['PATCH', 'DELETE'])
          refused.push(
            await admin.call(method, place, method === 'PATCH' ? noun.change : undefined, { 'if-match': version }),
          );
      const after = await admin.call('GET', place);
      const changed = await admin.call('PATCH', place, noun.change, { 'if-match': '"1"' });
      const late = await admin.call('DELETE', place, undefined, { 'if-match': '"1"' });
      const deleted = await admin.call('DELETE', place, undefined, { 'if-match': '"2"' });

      expect(before.headers.get('etag')).toBe('"1"');
      expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 412));
      for (const { headers } of refused) expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(after.text).toBe(before.text);
      expect([changed.status, changed.headers.get('etag'), late.status, deleted.status]).toEqual([
        200,
        '"2"',
        412,
        204,
      ]);
    },
  );
});
