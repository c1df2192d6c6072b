import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AdminApi, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';

/** SECURITY-LESSONS 11, 32: what was given to a client that is gone is worth nothing when another one bears its name. */
const resource = 'https://names.example.com';
let server: RunningServer;
let admin: AdminApi;

beforeAll(async () => {
  server = await startServer();
  const client = await addAdminClient(String(server.configuration.databaseUrl));
  admin = await adminApi({ url: server.origin, client });
  for (const [identifier, accessTokenFormat] of [
    [`${resource}/jwt`, 'jwt'],
    [`${resource}/opaque`, 'opaque'],
  ])
    await admin.post('/resource-servers', { identifier, accessTokenFormat, permissions: [{ value: 'names:read' }] });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

type Named = { readonly clientId: string; readonly secret: string };

async function aService(clientId: string): Promise<Named> {
  const permissions = [
    { resource: 'urn:doorward:admin', values: ['users:read'] },
    ...['jwt', 'opaque'].map((format) => ({ resource: `${resource}/${format}`, values: ['names:read'] })),
  ];
  const body = { client_id: clientId, grant_types: ['client_credentials'], permissions };
  return { clientId, secret: String((await admin.post('/clients', body)).client_secret) };
}

const post = async (path: string, { clientId, secret }: Named, form: Record<string, string>) => {
  const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
  const body = new URLSearchParams(form);
  const answer = await fetch(`${server.origin}${path}`, { method: 'POST', headers: { authorization }, body });
  return (await answer.json()) as Record<string, unknown>;
};

const tokenOf = async (client: Named, target: string): Promise<string> =>
  String((await post('/token', client, { grant_type: 'client_credentials', resource: target })).access_token);

/** Times of tokens are whole seconds. */
async function untilTheNextSecond(): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  while (Math.floor(Date.now() / 1000) === now) await new Promise((resolve) => setTimeout(resolve, 20));
}

const targets = ['urn:doorward:admin', `${resource}/jwt`, `${resource}/opaque`];

it.each(targets)(
  'a token for %s of a client that was deleted opens nothing for its successor of the same name',
  async (target) => {
    const name = `name-${targets.indexOf(target)}`;
    const first = await aService(name);
    const token = await tokenOf(first, target);
    const isOpen = async (client: Named): Promise<readonly unknown[]> => {
      const { active } = await post('/introspect', client, { token });
      const { status } = await fetch(`${server.origin}/admin/v1/users`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return [active, status];
    };
    const before = await isOpen(first);
    await admin.delete(`/clients/${name}`);
    await untilTheNextSecond();
    const second = await aService(name);

    expect(before).toEqual([true, target === 'urn:doorward:admin' ? 200 : 401]);
    expect(await isOpen(second)).toEqual([false, 401]);
    expect((await post('/token', first, { grant_type: 'client_credentials', resource: target })).error).toBe(
      'invalid_client',
    );
  },
);
