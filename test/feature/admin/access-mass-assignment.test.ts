import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientInput, clientPatch } from '../../../src/domain/clients/client-input.ts';
import { type AccessApi, anAccessApi, anOrdersApi, ORDERS } from './access-api.ts';
import { faults } from './people-api.ts';

let api: AccessApi;

beforeAll(async () => {
  api = await anAccessApi();
  await anOrdersApi(api);
});

afterAll(() => api.close());

type Noun = {
  readonly path: string;
  readonly table: string;
  /** What both calls take, by its name on the wire. */
  readonly input: readonly string[];
  readonly patch: readonly string[];
  body(): Promise<Record<string, unknown>>;
};

const settings = [
  'accessTokenFormat',
  'accessTokenType',
  'accessTokenLifetimeSeconds',
  'signingAlg',
  'name',
  'permissions',
];
const nouns: readonly Noun[] = [
  {
    path: '/roles',
    table: 'roles',
    input: ['name', 'description', 'permissions', 'inherits'],
    patch: ['name', 'description', 'permissions', 'inherits'],
    body: async () => ({ name: `role ${Math.random()}` }),
  },
  {
    path: '/role-assignments',
    table: 'role_assignments',
    input: ['roleId', 'userId', 'groupId', 'clientId', 'startsAt', 'endsAt', 'reason'],
    patch: ['startsAt', 'endsAt', 'reason'],
    body: async () => ({
      roleId: (await api.done('POST', '/roles', { name: `role ${Math.random()}` })).id,
      userId: await api.aUser(),
    }),
  },
  {
    path: '/resource-servers',
    table: 'resource_servers',
    input: ['identifier', ...settings],
    patch: settings,
    body: async () => ({ identifier: `urn:example:${Math.random()}` }),
  },
  {
    path: '/permissions',
    table: 'permissions',
    input: ['resourceServerId', 'value', 'description'],
    patch: ['description'],
    body: async () => {
      const [server] = await api.read.query<{ id: string }>('SELECT id FROM resource_servers WHERE identifier = $1', [
        ORDERS,
      ]);
      return { resourceServerId: server?.id, value: `p:${Math.random()}` };
    },
  },
  {
    path: '/clients',
    table: 'clients',
    input: [...Object.keys(clientPatch.shape), 'client_id', 'client_secret', 'client_secret_hash'],
    patch: Object.keys(clientPatch.shape),
    body: async () => ({ grant_types: ['client_credentials'] }),
  },
];

const camelCase = (column: string) => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Every column of the table and of its neighbours, in both spellings, and what attackers try. */
async function namesToTry({ table }: Noun, taken: readonly string[]): Promise<readonly string[]> {
  const columns = await api.read.query<{ name: string }>(
    `SELECT DISTINCT column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = ANY ($1)`,
    [[table, 'users', 'client_secrets', 'role_permissions', 'client_permissions', 'role_inheritance']],
  );
  const all = columns.flatMap(({ name }) => [name, camelCase(name)]);
  return [...new Set([...all, 'isAdmin', 'orgId', 'roles', 'secrets', '__proto__', 'constructor'])].filter(
    (name) => !taken.includes(name),
  );
}

describe('SECURITY-LESSONS 17: no mass assignment', () => {
  it.each(nouns)(
    'POST and PATCH $path refuse every other name with its pointer, and change nothing',
    async (noun) => {
      const body = await noun.body();
      const created = await api.done('POST', noun.path, body);
      const before = await api.read.query(`SELECT t::text FROM ${noun.table} t ORDER BY 1`);

      for (const name of await namesToTry(noun, noun.input)) {
        const reply = await api.call('POST', noun.path, {
          body: `{"${name}":1,${JSON.stringify(await noun.body()).slice(1)}`,
        });
        expect([name, reply.status, faults(reply)]).toEqual([name, 422, [`/${name}`]]);
      }
      for (const name of await namesToTry(noun, noun.patch)) {
        const reply = await api.call('PATCH', `${noun.path}/${created.id}`, { body: `{"${name}":1}` });
        expect([name, reply.status, faults(reply)]).toEqual([name, 422, [`/${name}`]]);
      }

      expect(await api.read.query(`SELECT t::text FROM ${noun.table} t ORDER BY 1`)).toEqual(before);
    },
    60_000,
  );

  it('what a client may be registered with is what it may be changed to, but for its name and secrets', () => {
    expect(Object.keys(clientPatch.shape)).not.toContain('client_secret');
    expect(clientInput.safeParse({ client_id: 'x', grant_types: ['client_credentials'], secrets: [] }).success).toBe(
      false,
    );
  });
});
