import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adminPermissions } from '../../../src/domain/access/admin-permissions.ts';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';

let server: RunningServer;
let administrator: AdminApi;
let helper: AdminApi;
let operations: readonly Operation[];

type Operation = { readonly method: string; readonly path: string; readonly scopes: readonly string[] };

beforeAll(async () => {
  server = await startServer();
  const { configuration } = server;
  const url = configuration.databaseUrl ?? '';
  administrator = await adminApi({ url: server.issuer, client: await addAdminClient(url) });
  const weak = await addAdminClient(url);
  await server.foundation.dataSource.query(
    `DELETE FROM client_permissions WHERE client_id = $1
     AND permission_id NOT IN (SELECT id FROM permissions WHERE value = 'groups:read')`,
    [weak.clientId],
  );
  helper = await adminApi({ url: server.issuer, client: weak });
  const document = await administrator.get('/openapi.json');
  operations = Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, '00000000-0000-7000-8000-000000000000'),
      scopes: (operation.security as { oauth2?: string[] }[]).flatMap((requirement) => requirement.oauth2 ?? []),
    })),
  );
});

afterAll(() => server.stop());

const bodyFor = ({ method }: Operation) => (method === 'GET' || method === 'DELETE' ? undefined : {});

describe('SECURITY-LESSONS 18: every route of the admin API declares a permission and asks for it', () => {
  it('all nouns of the contract are there', () => {
    const nouns = new Set(operations.map(({ path }) => path.split('/')[3]));

    for (const noun of [
      'users',
      'groups',
      'clients',
      'resource-servers',
      'permissions',
      'roles',
      'role-assignments',
      'sessions',
      'grants',
      'audit-events',
      'keys',
    ])
      expect(nouns).toContain(noun);
  });

  it('exactly one permission each, and one that exists', () => {
    const wrong = operations.filter(
      ({ scopes }) => scopes.length !== 1 || !Object.hasOwn(adminPermissions, scopes[0] ?? ''),
    );

    expect(wrong).toEqual([]);
  });

  it('without a token 401, with a token for something else 403, and neither changes a row', async () => {
    const rows = () =>
      Promise.all(
        [
          'users',
          'groups',
          'clients',
          'roles',
          'permissions',
          'resource_servers',
          'role_assignments',
          'signing_keys',
        ].map((table) =>
          server.foundation.read.query(`SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM ${table} t`),
        ),
      );
    const before = await rows();
    for (const operation of operations) {
      const body = bodyFor(operation);
      const anonymous = await helper.call(operation.method, operation.path, body, { authorization: '' });
      const stranger = await helper.call(operation.method, operation.path, body);
      const isOwn = operation.scopes.includes('groups:read');

      expect([operation.method, operation.path, anonymous.status]).toEqual([operation.method, operation.path, 401]);
      expect([operation.path, stranger.status === 403]).toEqual([operation.path, !isOwn]);
    }
    expect(await rows()).toEqual(before);
  });

  it('and with the permission no empty call, made-up id or odd method is our fault', async () => {
    for (const operation of operations.filter(({ path }) => !path.endsWith('/keys/rotate'))) {
      const reply = await administrator.call(operation.method, operation.path, bodyFor(operation));
      const odd = await administrator.call('PUT', `${operation.path}/nowhere`, {});

      expect([operation.method, operation.path, reply.status < 500, odd.status]).toEqual([
        operation.method,
        operation.path,
        true,
        expect.any(Number),
      ]);
      expect(odd.status).toBeGreaterThanOrEqual(400);
      expect(odd.status).toBeLessThan(500);
    }
    expect(server.errors).toEqual([]);
  });
});

describe('people through the whole server', () => {
  it('a token, a person, a link on the configured issuer, an audit trail by request id', async () => {
    const person = await administrator.post('/users', {
      userName: 'whole@example.com',
      password: 'ten brown hens cross',
    });
    const link = await administrator.call('POST', `/users/${person.id}/set-password-link`);
    const shown = await fetch(String(link.body.link));
    const deactivated = await administrator.call('PATCH', `/users/${person.id}`, { active: false });
    const after = await fetch(String(link.body.link));
    const requestId = deactivated.headers.get('x-request-id');
    const trail = await administrator.get(`/audit-events?requestId=${requestId}`);

    expect(String(link.body.link).startsWith(`${server.issuer}/`)).toBe(true);
    expect([shown.status, deactivated.status]).toEqual([200, 200]);
    expect(after.status).not.toBe(200);
    expect((trail.auditEvents as Json[]).map(({ type, actorId }) => [type, actorId])).toEqual([
      ['users.deactivated', administrator.client.clientId],
    ]);
    expect(server.errors).toEqual([]);
  });
});
