import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { grantConsent } from '../../../src/domain/clients/consents.ts';
import { type AccessApi, ADMIN, anAccessApi } from '../admin/access-api.ts';
import { operator } from '../admin/people-api.ts';

/**
 * SECURITY-LESSONS 14: who may manage applications must not get at more power by way of one. Each way in which a client reaches
 * power of its own, or of the people who let it act for them, against each call that changes the client.
 */
const POWER = 'keys:write';
const LATER = '2080-01-01T00:00:00Z';
const grant = (...values: string[]) => [{ resource: ADMIN, values }];
let api: AccessApi;
let delegate: { readonly id: string; readonly token: string };
let count = 0;

beforeAll(async () => {
  api = await anAccessApi();
  delegate = await api.aDelegate([
    'clients:write',
    'users:write',
    'groups:write',
    'roles:write',
    'role-assignments:write',
  ]);
});
afterAll(() => api.close());

const nameOf = (what: string): string => {
  count += 1;
  return `${what}-${count}`;
};

async function aClient(more: object = {}): Promise<string> {
  const client_id = nameOf('client');
  const redirect_uris = ['https://app.example.com/callback'];
  await api.done('POST', '/clients', { client_id, redirect_uris, ...more });
  return client_id;
}

const aRole = async (more: object): Promise<string> =>
  String((await api.done('POST', '/roles', { name: nameOf('role'), ...more })).id);
const assign = (body: object) => api.done('POST', '/role-assignments', body);

const consent = (userId: string, clientId: string, resource = ADMIN) =>
  api.transact(operator, (tx) =>
    grantConsent(tx, { userId, clientId, scopes: ['openid'], claims: [], resourceScopes: { [resource]: [POWER] } }),
  );

async function inherited(): Promise<string> {
  const name = nameOf('strong');
  await api.done('POST', '/roles', { name, permissions: grant(POWER) });
  return aRole({ inherits: [name] });
}

/** How a person comes to hold the permission. */
const holders: Readonly<Record<string, () => Promise<string>>> = {
  'by a role': async () => {
    const userId = await api.aUser();
    await assign({ userId, roleId: await aRole({ permissions: grant(POWER) }) });
    return userId;
  },
  'by an inherited role': async () => {
    const userId = await api.aUser();
    await assign({ userId, roleId: await inherited() });
    return userId;
  },
  'by a group': async () => {
    const userId = await api.aUser();
    const group = await api.done('POST', '/groups', { displayName: nameOf('group'), members: [{ value: userId }] });
    await assign({ groupId: group.id, roleId: await aRole({ permissions: grant(POWER) }) });
    return userId;
  },
  'by a role that begins later': async () => {
    const userId = await api.aUser();
    await assign({ userId, startsAt: LATER, roleId: await aRole({ permissions: grant(POWER) }) });
    return userId;
  },
  'as an administrator': async () => api.administratorId,
};

const ways: Readonly<Record<string, () => Promise<string>>> = {
  'by its own permission': async () =>
    aClient({ grant_types: ['authorization_code', 'client_credentials'], permissions: grant(POWER) }),
  'by its role': async () => {
    const clientId = await aClient();
    await assign({ clientId, roleId: await aRole({ permissions: grant(POWER) }) });
    return clientId;
  },
  'by a role that its role inherits': async () => {
    const clientId = await aClient();
    await assign({ clientId, roleId: await inherited() });
    return clientId;
  },
  'by a role that begins later': async () => {
    const clientId = await aClient();
    await assign({ clientId, startsAt: LATER, roleId: await aRole({ permissions: grant(POWER) }) });
    return clientId;
  },
  'because it asks nobody': async () => aClient({ first_party: true }),
  'because it asks nobody, once it has another grant type': async () =>
    aClient({ first_party: true, grant_types: ['client_credentials'], redirect_uris: [] }),
  ...Object.fromEntries(
    Object.entries(holders).map(([how, holder]) => [
      `by the consent of someone who holds it ${how}`,
      async () => {
        const [clientId, userId] = [await aClient(), await holder()];
        await consent(userId, clientId);
        return clientId;
      },
    ]),
  ),
};

type Attack = (clientId: string) => Promise<readonly [method: string, path: string, body?: object]>;
const patch =
  (body: object): Attack =>
  async (clientId) => ['PATCH', `/clients/${clientId}`, body];

const attacks: Readonly<Record<string, Attack>> = {
  'to send people elsewhere': patch({ redirect_uris: ['https://evil.example.com/callback'] }),
  'to send them elsewhere after logout': patch({ post_logout_redirect_uris: ['https://evil.example.com/'] }),
  'to have their logouts': patch({ backchannel_logout_uri: 'https://evil.example.com/' }),
  'to sign for it': patch({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }] },
  }),
  'to need no secret': patch({
    redirect_uris: ['https://app.example.com/callback'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    permissions: [],
  }),
  'to go without PKCE': patch({ require_pkce: false }),
  'to be called by another origin': patch({ allowed_cors_origins: ['https://evil.example.com'] }),
  'to be called otherwise': patch({ client_name: 'Harmless' }),
  'to know its secret': async (clientId) => ['POST', `/clients/${clientId}/secrets`, {}],
  'to leave it the secret that is known': async (clientId) => {
    await api.done('POST', `/clients/${clientId}/secrets`, {});
    const { secrets } = await api.done('GET', `/clients/${clientId}/secrets`);
    return ['DELETE', `/clients/${clientId}/secrets/${(secrets as { id: string }[])[0]?.id}`];
  },
  'to switch it on again': async (clientId) => {
    await api.done('PATCH', `/clients/${clientId}`, { enabled: false });
    return ['PATCH', `/clients/${clientId}`, { enabled: true }];
  },
};

describe.each(Object.entries(ways))('a client that reaches further %s', (_way, make) => {
  it.each(Object.entries(attacks))('is out of reach for who would change it %s', async (_why, attack) => {
    const clientId = await make();
    const [method, path, body] = await attack(clientId);
    const before = await api.done('GET', `/clients/${clientId}`);

    const reply = await api.call(method, path, { token: delegate.token, ...(body === undefined ? {} : { body }) });

    expect([reply.status, reply.body.code]).toEqual([403, 'access.exceeds_own_permissions']);
    expect(await api.done('GET', `/clients/${clientId}`)).toEqual(before);
  });
});

describe('what is no power stays manageable, so that nobody can lock an application by consenting to it', () => {
  const harmless: Readonly<Record<string, (clientId: string) => Promise<unknown>>> = {
    'someone who does not hold it': async (clientId) => consent(await api.aUser(), clientId),
    'someone who held it once': async (clientId) => {
      const userId = await api.aUser();
      await assign({ userId, endsAt: '2020-01-01T00:00:00Z', roleId: await aRole({ permissions: grant(POWER) }) });
      await consent(userId, clientId);
    },
    'an administrator, for another API': (clientId) =>
      consent(api.administratorId, clientId, 'https://orders.example.com'),
    'an administrator, for another client': async () => consent(api.administratorId, await aClient()),
  };

  it.each(Object.entries(harmless))('the consent of %s', async (_who, give) => {
    const clientId = await aClient();
    await give(clientId);

    const reply = await api.call('PATCH', `/clients/${clientId}`, {
      token: delegate.token,
      body: { redirect_uris: ['https://app.example.com/other'] },
    });

    expect(reply.status).toBe(200);
  });
});
