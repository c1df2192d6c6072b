import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { scimRoutes } from '../../../src/endpoints/scim/scim-endpoints.ts';
import {
  aScimApi,
  type Body,
  ENTERPRISE,
  GROUP,
  PATCH_OP,
  query,
  resourcesOf,
  type ScimApi,
  USER,
  uniqueName,
} from './scim-api.ts';

// Some tests here make hundreds of requests, on machines that are busy as well.
jest.setTimeout(120_000);

let api: ScimApi;

beforeAll(async () => {
  api = await aScimApi();
}, 60_000);

afterAll(() => api.close());

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const userAttributes = { all: async () => [] };
const routes = scimRoutes({
  issuer: 'http://localhost',
  hashPassword: async () => '',
  userAttributes,
  findClient: async () => undefined,
  onError: () => {},
  readAs: () => {
    throw new Error('nothing is read here');
  },
}).map(([route]) => route);
const count = async (table: 'users' | 'groups' | 'audit_events') =>
  (await api.server.foundation.read.query<{ n: number }>(`SELECT count(*)::integer AS n FROM ${table}`))[0]?.n;

describe('every request is in the audit log, once, without the data of people', () => {
  it('reads, changes and refusals', async () => {
    const user = await api.aUser();
    const read = await api.call(
      'GET',
      `/Users${query({ filter: `userName eq "${user.userName}" and title pr`, count: 1 })}`,
    );
    const changed = await api.patch(`/Users/${user.id}`, { op: 'add', path: 'title', value: 'T' });
    const refused = await api.call('GET', '/Users/nobody');
    const weak = await api.call('DELETE', `/Users/${user.id}`, { token: await api.tokenFor(['scim:read']) });
    const anonymous = await api.call('GET', '/Users', { token: null });

    expect(await api.auditOf(read)).toMatchObject([
      {
        type: 'scim-requests.answered',
        details: { method: 'GET', path: '/scim/v2/Users', filter: 'userName eq "…" and title pr', count: '1' },
      },
    ]);
    expect((await api.auditOf(changed)).map(({ type }) => type).sort()).toEqual([
      'scim-requests.answered',
      'users.updated',
    ]);
    expect(await api.auditOf(refused)).toMatchObject([
      { type: 'scim-requests.refused', outcome: 'refused', reason: 'users.not_found' },
    ]);
    expect(await api.auditOf(weak)).toMatchObject([{ type: 'scim-requests.refused', reason: 'insufficient_scope' }]);
    expect(await api.auditOf(anonymous)).toMatchObject([
      { type: 'scim-requests.refused', actorId: 'anonymous', reason: 'unauthenticated' },
    ]);
  });
});

describe('SECURITY-LESSONS 18: every route asks for its permission', () => {
  it.each(routes.map((route) => [route.method, route.path, route.access] as const))(
    '%s %s: %s',
    async (method, path, access) => {
      const target = path.replace(':id', '00000000-0000-7000-8000-000000000000');
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
      const other = access === 'scim:read' ? 'scim:write' : 'scim:read';
      const without = await api.call(method, target, { ...body, token: null });
      const wrong = await api.call(method, target, { ...body, token: 'nonsense' });
      const admin = await api.call(method, target, { ...body, token: api.admin.token });
      const weak = await api.call(method, target, { ...body, token: await api.tokenFor([other]) });

      if (access === 'public') {
        expect(without.status).toBe(200);
        return;
      }
      for (const refused of [without, wrong, admin]) {
        expect(refused.status).toBe(401);
        expect(refused.body).toMatchObject({ schemas: [ERROR], status: '401' });
        expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm="urn:doorward:scim"/);
      }
      if (access === 'token') expect([200, 404]).toContain(weak.status);
      else expect([weak.status, weak.body.status]).toEqual([403, '403']);
    },
  );

  it('SECURITY-LESSONS 14: provisioning gives nobody more than the client has, and takes over nobody', async () => {
    const { roles } = (await api.admin.get('/roles?name=administrator')) as { roles: Body[] };
    const group = await api.aGroup();
    const boss = await api.aUser();
    await api.admin.post('/role-assignments', { groupId: group.id, roleId: roles[0]?.id });
    await api.admin.post('/role-assignments', { userId: boss.id, roleId: roles[0]?.id });
    const member = { value: (await api.aUser()).id };

    const attempts = [
      await api.patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [member] }),
      await api.call('PUT', `/Groups/${group.id}`, { body: { ...group, members: [member] } }),
      await api.patch(`/Users/${boss.id}`, { op: 'replace', path: 'password', value: 'seven otters keep the ledger' }),
      await api.patch(`/Users/${boss.id}`, { op: 'replace', path: 'userName', value: uniqueName('mine') }),
      await api.patch(`/Users/${boss.id}`, { op: 'add', path: 'emails', value: [{ value: 'mine@example.com' }] }),
    ];
    expect(attempts.map(({ status }) => status)).toEqual(attempts.map(() => 403));
    expect((await api.patch(`/Users/${boss.id}`, { op: 'replace', path: 'title', value: 'Boss' })).status).toBe(200);
  });
});

describe('RFC 7644 §4: discovery tells the truth', () => {
  it('ServiceProviderConfig, ResourceTypes and Schemas are there, one by one too; a filter is 403', async () => {
    const config = (await api.call('GET', '/ServiceProviderConfig', { token: null })).body;
    expect(config).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 1_000_000 },
      filter: { supported: true, maxResults: 500 },
      sort: { supported: true },
      etag: { supported: true },
      pagination: { cursor: true, index: true, maxPageSize: 500 },
    });
    const types = resourcesOf(await api.call('GET', '/ResourceTypes'));
    expect(types.map(({ id, endpoint }) => [id, endpoint])).toEqual([
      ['User', '/Users'],
      ['Group', '/Groups'],
    ]);
    const schemas = resourcesOf(await api.call('GET', '/Schemas'));
    expect(schemas.map(({ id }) => id)).toEqual([USER, ENTERPRISE, GROUP]);
    for (const { meta } of [...types, ...schemas]) {
      const { location } = meta as { location: string };
      expect((await api.call('GET', location)).body.meta).toEqual(meta);
    }
    expect((await api.call('GET', '/Schemas?filter=id%20pr')).status).toBe(403);
    expect((await api.call('GET', '/Schemas/urn:x')).status).toBe(404);
  });

  it('each attribute of a schema is answered to a filter, or refused by name, and never a 5xx', async () => {
    type Attribute = { name: string; type: string; subAttributes?: Attribute[] };
    for (const schema of resourcesOf(await api.call('GET', '/Schemas'))) {
      const path = schema.id === GROUP ? '/Groups' : '/Users';
      for (const attribute of schema.attributes as Attribute[])
        for (const name of [
          attribute.name,
          ...(attribute.subAttributes ?? []).map((sub) => `${attribute.name}.${sub.name}`),
        ]) {
          const named = schema.id === ENTERPRISE ? `${ENTERPRISE}:${name}` : name;
          for (const condition of [`${named} pr`, `${named} eq "x"`, `not (${named} ne "x")`]) {
            const reply = await api.call('GET', `${path}${query({ filter: condition, sortBy: named })}`);
            expect([condition, [200, 400].includes(reply.status)]).toEqual([condition, true]);
          }
        }
    }
  });

  it.each([
    ['GET', '/Nothing', 404],
    ['GET', '', 404],
    ['PUT', '/Users', 405],
    ['GET', '/Bulk', 405],
    ['GET', '/users', 404],
    ['GET', '/Users/', 404],
  ])('what is not here is said in SCIM’s form: %s %s', async (method, path, status) => {
    const reply = await api.call(method, path);

    expect([reply.status, reply.body.schemas]).toEqual([status, [ERROR]]);
  });
});

describe('RFC 7644 §3.7: bulk', () => {
  const bulk = (Operations: readonly Body[], more: Body = {}, path = '/Bulk') =>
    api.call('POST', path, { body: { schemas: [BULK], Operations, ...more } });
  const made = (bulkId: string, more: Body = {}) => ({
    method: 'POST',
    path: '/Users',
    bulkId,
    data: { schemas: [USER], userName: uniqueName(bulkId), ...more },
  });
  const statuses = (reply: { body: Body }) => (reply.body.Operations as Body[]).map(({ status }) => status);

  it('§3.7.2: what is referred to by bulkId is made first, wherever it stands', async () => {
    const group = {
      method: 'POST',
      path: '/Groups',
      bulkId: 'g',
      data: { schemas: [GROUP], displayName: uniqueName('bulk'), members: [{ value: 'bulkId:b' }] },
    };
    const reply = await bulk([
      group,
      made('a', { [ENTERPRISE]: { manager: { value: 'bulkId:b' } } }),
      made('b'),
      {
        method: 'PATCH',
        path: '/Users/bulkId:b',
        data: { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'title', value: 'T' }] },
      },
    ]);

    expect(statuses(reply)).toEqual(['201', '201', '201', '200']);
    const [g, a, b] = reply.body.Operations as { location: string; version: string; bulkId: string }[];
    const boss = (await api.call('GET', b?.location ?? '')).body;
    expect(boss).toMatchObject({ title: 'T', groups: [{ value: g?.location.split('/').at(-1) }] });
    expect((await api.call('GET', a?.location ?? '')).body[ENTERPRISE]).toMatchObject({ manager: { value: boss.id } });
  });

  it('§3.7.3: each operation stands for itself, until failOnErrors of them failed', async () => {
    const wrong = { method: 'DELETE', path: '/Users/00000000-0000-7000-8000-000000000000' };
    const operations = [made('a'), wrong, made('b'), wrong, made('c')];

    expect(statuses(await bulk(operations.map((one) => ({ ...one }))))).toEqual(['201', '404', '201', '404', '201']);
    const again = operations.map((one) => ('bulkId' in one ? made(String(one.bulkId)) : one));
    expect(statuses(await bulk(again, { failOnErrors: 2 }))).toEqual(['201', '404', '201', '404']);
    expect((await bulk([wrong])).body.Operations).toMatchObject([{ response: { schemas: [ERROR], status: '404' } }]);
  });

  it('a circle, and a bulkId that was not made, are 409 for who refers to it', async () => {
    const manager = (id: string) => ({ [ENTERPRISE]: { manager: { value: `bulkId:${id}` } } });

    expect(statuses(await bulk([made('a', manager('b')), made('b', manager('a'))]))).toEqual(['409', '409']);
    expect(statuses(await bulk([made('a', manager('nobody')), made('b')]))).toEqual(['409', '201']);
  });

  it('versions are held to', async () => {
    const user = await api.aUser();
    const patch = (version: unknown) => ({
      method: 'PATCH',
      path: `/Users/${user.id}`,
      version,
      data: { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'title', value: `${version}` }] },
    });
    const { version } = user.meta as Body;

    expect(statuses(await bulk([patch(version), patch(version)]))).toEqual(['200', '412']);
  });

  it.each<[string, unknown, number, string | undefined]>([
    ['too many', Array.from({ length: 1001 }, () => ({ method: 'DELETE', path: '/Users/x' })), 413, 'tooMany'],
    ['none', [], 400, 'invalidSyntax'],
    ['no list', 'x', 400, 'invalidSyntax'],
    ['no bulkId', [{ method: 'POST', path: '/Users', data: {} }], 400, 'invalidValue'],
    ['a bulkId twice', [made('a'), made('a')], 400, 'invalidValue'],
    ['another path', [{ method: 'DELETE', path: '/Bulk' }], 400, 'invalidSyntax'],
    ['another method', [{ method: 'GET', path: '/Users/x' }], 400, 'invalidSyntax'],
    ['POST to one', [{ method: 'POST', path: '/Users/x', bulkId: 'a' }], 400, 'invalidPath'],
  ])('refused as a whole: %s', async (_, Operations, status, scimType) => {
    const before = await count('users');
    const reply = await api.call('POST', '/Bulk', { body: { schemas: [BULK], Operations } });

    expect([reply.status, reply.body.scimType]).toEqual([status, scimType]);
    expect(await count('users')).toBe(before);
  });

  it('a dry run of many answers all of it and changes nothing', async () => {
    const before = [await count('users'), await count('groups')];
    const reply = await bulk(
      [
        made('a'),
        made('b'),
        { method: 'DELETE', path: '/Users/x' },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'g',
          data: { schemas: [GROUP], displayName: uniqueName('dry'), members: [{ value: 'bulkId:a' }] },
        },
      ],
      {},
      '/Bulk?dryRun=true',
    );

    expect(statuses({ body: reply.body.response as Body })).toEqual(['201', '201', '404', '201']);
    expect((reply.body.changes as Body[]).map(({ type }) => type)).toEqual([
      'users.created',
      'users.created',
      'groups.created',
      'group-members.added',
    ]);
    expect([await count('users'), await count('groups')]).toEqual(before);
  });
});

describe('RFC 7644 §3.4.3: /.search of everything', () => {
  const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
  const search = (more: Body) => api.call('POST', '/.search', { body: { schemas: [SEARCH], ...more } });

  it('people, then groups; a filter that only one type knows finds only that type', async () => {
    const displayName = uniqueName('both');
    const [user, group] = [await api.aUser({ displayName }), await api.aGroup({ displayName })];
    const found = async (more: Body) => resourcesOf(await search(more)).map(({ id }) => id);

    expect(await found({ filter: `displayName eq "${displayName}"` })).toEqual([user.id, group.id]);
    expect(await found({ filter: `displayName eq "${displayName}"`, startIndex: 2, count: 5 })).toEqual([group.id]);
    expect(await found({ filter: `userName eq "${user.userName}"` })).toEqual([user.id]);
    expect((await search({ filter: 'shoeSize eq 4' })).body.scimType).toBe('invalidFilter');
    expect((await search({ cursor: '' })).body.scimType).toBe('invalidValue');
  });
});

describe('a dry run (?dryRun=true)', () => {
  it('says what would change, a leaver’s too, and changes nothing', async () => {
    const user = await api.aUser({ title: 'Guide' });
    const body = { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { active: false, title: 'Gone' } }] };
    const reply = await api.call('PATCH', `/Users/${user.id}?dryRun=true`, { body });

    expect(reply.body).toMatchObject({
      schemas: ['urn:doorward:params:scim:api:messages:2.0:DryRun'],
      status: 200,
      response: { active: false, title: 'Gone' },
      changes: expect.arrayContaining([
        expect.objectContaining({
          type: 'users.updated',
          details: { changed: { title: { from: 'Guide', to: 'Gone' } } },
        }),
        expect.objectContaining({ type: 'users.deactivated' }),
      ]),
    });
    expect((await api.call('GET', `/Users/${user.id}`)).body).toEqual(user);
    expect(await api.auditOf(reply)).toMatchObject([{ type: 'scim-requests.answered', details: { dryRun: 'true' } }]);
  });

  it('refuses what would be refused', async () => {
    const user = await api.aUser();
    const reply = await api.call('POST', '/Users?dryRun=true', { body: { schemas: [USER], userName: user.userName } });

    expect(reply.body).toMatchObject({ status: '409', scimType: 'uniqueness' });
    expect((await api.call('DELETE', `/Users/${user.id}?dryRun=true`)).body).toMatchObject({ status: 204 });
    expect((await api.call('GET', `/Users/${user.id}`)).status).toBe(200);
  });
});

describe('RFC 7644 §3.11: /Me', () => {
  it('is nobody for a client’s own token', async () => {
    expect((await api.call('GET', '/Me')).status).toBe(404);
  });
});

describe('SECURITY-LESSONS 17, 37: whatever is sent, no 5xx and nothing half done', () => {
  it.each([
    ['/Users', 'POST', 'x'],
    ['/Users', 'POST', '[]'],
    ['/Users', 'POST', '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"\\ud800"}'],
    ['/Users', 'POST', '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"a\\u0000b"}'],
    ['/Users', 'POST', JSON.stringify({ schemas: [USER], userName: 'x'.repeat(5000) })],
    [
      '/Users',
      'POST',
      JSON.stringify({
        schemas: [USER],
        userName: 'p',
        emails: Array.from({ length: 20_000 }, (_, n) => `a${n}@x.example`),
      }),
    ],
    ['/Users', 'POST', `{"schemas":["${USER}"],"__proto__":{"userName":"x"},"constructor":"x"}`],
    ['/Users/.search', 'POST', '{"schemas":[]}'],
    ['/Bulk', 'POST', '{"schemas":4}'],
    [
      '/Groups',
      'POST',
      JSON.stringify({ schemas: [GROUP], displayName: 'g', members: [{ value: "'; DROP TABLE users; --" }] }),
    ],
  ])('%s %s %.60s', async (path, method, body) => {
    const before = [await count('users'), await count('groups')];
    const reply = await api.call(method, path, { body });

    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
    expect(reply.body.schemas).toEqual([ERROR]);
    expect([await count('users'), await count('groups')]).toEqual(before);
  });

  it('SECURITY-LESSONS 17: no column that is not in the schema can be written', async () => {
    for (const name of [
      'status',
      'startsAt',
      'endsAt',
      'accessValidFrom',
      'version',
      'managedBy',
      'birthdate',
      'passwordHash',
      'isAdmin',
      'permissions',
    ]) {
      const reply = await api.call('POST', '/Users', {
        body: { schemas: [USER], userName: uniqueName('m'), [name]: 'x' },
      });
      expect([name, reply.status, reply.body.scimType]).toEqual([name, 400, 'invalidSyntax']);
    }
    const reply = await api.call('POST', '/Users', {
      body: { schemas: [USER], userName: uniqueName('m'), emails: [{ value: 'm@example.com', verified: true }] },
    });
    expect(reply.body).toMatchObject({ status: '400', detail: expect.stringContaining('verified') });
  });
});
