import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adminPermissions } from '../../../src/domain/access/admin-permissions.ts';
import { clientInput } from '../../../src/domain/clients/client-input.ts';
import { createClientSecretKeeper } from '../../../src/domain/clients/client-secret-keeper.ts';
import { admitClient } from '../../../src/domain/lifecycle/admit-client.ts';
import { operatorActor } from '../../../src/kernel/actor.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';

let server: RunningServer;
let admin: string;

const RESOURCE = 'https://api.example.com';
type Body = Record<string, unknown>;

beforeAll(async () => {
  server = await startServer();
  const { transact, keyRing } = server.foundation;
  const input = clientInput.parse({
    client_id: 'provisioning',
    client_secret: 'provisioning-secret',
    grant_types: ['client_credentials'],
    permissions: [{ resource: 'urn:doorward:admin', values: Object.keys(adminPermissions) }],
  });
  await transact(operatorActor('test'), (tx) => admitClient(tx, { input, keeper: createClientSecretKeeper(keyRing) }));
  admin = String((await aToken('provisioning', 'provisioning-secret', 'urn:doorward:admin')).body.access_token);
});

afterAll(() => server.stop());

async function aToken(clientId: string, secret: string, resource = RESOURCE): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${server.origin}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

async function call(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Body; text: string }> {
  const response = await fetch(`${server.origin}/admin/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${admin}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Body), text };
}

const scopeOf = ({ body }: { body: Body }) =>
  String(body.scope ?? body.error)
    .split(' ')
    .sort();

describe('from the admin API to tokens', () => {
  it('a service gets what it was given, by itself and by role, and loses it with the very next request', async () => {
    const permissions = [{ value: 'orders:read' }, { value: 'orders:write' }];
    expect((await call('POST', '/resource-servers', { identifier: RESOURCE, permissions })).status).toBe(201);
    const client = await call('POST', '/clients', {
      client_id: 'worker',
      grant_types: ['client_credentials'],
      permissions: [{ resource: RESOURCE, values: ['orders:read'] }],
    });
    const secret = String(client.body.client_secret);
    const own = await aToken('worker', secret);

    const role = await call('POST', '/roles', {
      name: 'writer',
      permissions: [{ resource: RESOURCE, values: ['orders:write'] }],
    });
    const assignment = await call('POST', '/role-assignments', { roleId: role.body.id, clientId: 'worker' });
    const both = await aToken('worker', secret);
    await call('DELETE', `/role-assignments/${assignment.body.id}`);
    const again = await aToken('worker', secret);

    expect([scopeOf(own), scopeOf(both), scopeOf(again)]).toEqual([
      ['orders:read'],
      ['orders:read', 'orders:write'],
      ['orders:read'],
    ]);
  });

  it('two secrets work during a change-over; a disabled client gets nothing, at once', async () => {
    const client = await call('POST', '/clients', {
      client_id: 'rotating',
      grant_types: ['client_credentials'],
      permissions: [{ resource: RESOURCE, values: ['orders:read'] }],
    });
    const before = String(client.body.client_secret);
    const after = String((await call('POST', '/clients/rotating/secrets')).body.client_secret);

    const during = [await aToken('rotating', before), await aToken('rotating', after)];
    await call('PATCH', '/clients/rotating', { enabled: false });
    const disabled = [await aToken('rotating', before), await aToken('rotating', after)];

    expect(during.map(({ status }) => status)).toEqual([200, 200]);
    expect(disabled.map(({ status, body }) => [status, body.error])).toEqual([
      [401, 'invalid_client'],
      [401, 'invalid_client'],
    ]);
  });

  it('what the provider would not accept is refused with a pointer before it is stored', async () => {
    const reply = await call('POST', '/clients', {
      client_id: 'refused',
      redirect_uris: ['https://app.example.com/cb'],
      subject_type: 'pairwise',
    });

    expect([reply.status, reply.body.code]).toEqual([422, 'clients.metadata_invalid']);
    expect(reply.text).toContain('/subject_type');
    expect((await call('GET', '/clients/refused')).status).toBe(404);
  });

  it('openapi.json describes these routes from the same schemas, with the permission each needs', async () => {
    const { paths } = (await (await fetch(`${server.origin}/admin/v1/openapi.json`)).json()) as {
      paths: Record<
        string,
        Record<string, { security: unknown; requestBody?: { content: Record<string, { schema: Body }> } }>
      >;
    };

    expect(paths['/admin/v1/clients']?.post?.security).toEqual([{ oauth2: ['clients:write'] }]);
    const body = paths['/admin/v1/clients']?.post?.requestBody?.content['application/json']?.schema;
    expect(Object.keys((body?.properties ?? {}) as Body)).toEqual(
      expect.arrayContaining(['redirect_uris', 'first_party']),
    );
    expect(body?.additionalProperties).toBe(false);
    expect(paths['/admin/v1/explain']?.get?.security).toEqual([{ oauth2: ['access:read'] }]);
  });

  it('nothing went wrong on our side', () => {
    expect(server.errors).toEqual([]);
  });
});
