import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aScimApi, ENTERPRISE, query, resourcesOf, type ScimApi, SEARCH, USER, uniqueName } from './scim-api.ts';

let api: ScimApi;

beforeAll(async () => {
  api = await aScimApi();
}, 60_000);

afterAll(() => api.close());

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const whole = () => ({
  schemas: [USER, ENTERPRISE],
  externalId: uniqueName('ext'),
  userName: uniqueName('Babs'),
  name: { formatted: 'Ms. Barbara J Jensen, III', familyName: 'Jensen', givenName: 'Barbara', middleName: 'Jane' },
  displayName: 'Babs Jensen',
  nickName: 'Babs',
  profileUrl: 'https://login.example.com/bjensen',
  title: 'Tour Guide',
  userType: 'Employee',
  preferredLanguage: 'en-US',
  locale: 'en-US',
  timezone: 'America/Los_Angeles',
  active: true,
  emails: [
    { value: `${uniqueName('b')}@example.com`, type: 'work', primary: true },
    { value: `${uniqueName('b')}@home.example`, type: 'home', primary: false },
  ],
  phoneNumbers: [{ value: '555-555-8377', type: 'work' }],
  ims: [{ value: 'someaimhandle', type: 'aim' }],
  photos: [{ value: 'https://photos.example.com/1.jpg', type: 'photo' }],
  addresses: [{ streetAddress: '100 Universal City Plaza', locality: 'Hollywood', type: 'work', primary: true }],
  entitlements: [{ value: 'parking' }],
  [ENTERPRISE]: {
    employeeNumber: '701984',
    costCenter: '4130',
    organization: 'Universal',
    division: 'Park',
    department: 'Tour',
  },
});

describe('RFC 7644 §3.3: creating', () => {
  it('keeps every attribute of RFC 7643 §4.1 and §4.3 and answers 201 with Location, ETag and meta', async () => {
    const body = whole();
    const reply = await api.call('POST', '/Users', { body });

    expect(reply.status).toBe(201);
    expect(reply.headers.get('content-type')).toMatch(/^application\/scim\+json/);
    expect(reply.body).toMatchObject(body);
    const location = `${api.base}/Users/${reply.body.id}`;
    expect(reply.headers.get('location')).toBe(location);
    expect(reply.body.meta).toMatchObject({ resourceType: 'User', location, version: reply.headers.get('etag') });
    expect((await api.call('GET', location)).body).toEqual(reply.body);
  });

  it('RFC 7643 §2.1, §2.5: names in any case, no value is no value, read-only attributes are passed over', async () => {
    const reply = await api.call('POST', '/Users', {
      body: {
        SCHEMAS: [USER],
        USERNAME: uniqueName('x'),
        id: 'mine',
        meta: { resourceType: 'User' },
        groups: [],
        roles: [],
        title: null,
        nickName: '',
        emails: [],
        Name: { FAMILYNAME: 'Y' },
      },
    });

    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({ name: { familyName: 'Y' }, active: true });
    expect(Object.keys(reply.body).sort()).toEqual(['active', 'id', 'meta', 'name', 'schemas', 'userName']);
  });

  it('a password is taken and never shown', async () => {
    const user = await api.aUser({ password: 'seven otters keep the ledger' });
    const shown = await api.call('GET', `/Users/${user.id}${query({ attributes: 'password,userName' })}`);

    expect(user).not.toHaveProperty('password');
    expect(shown.body).not.toHaveProperty('password');
    const [row] = await api.server.foundation.read.query('SELECT 1 FROM password_credentials WHERE user_id = $1', [
      user.id,
    ]);
    expect(row).toBeDefined();
  });

  it.each([
    ['no schemas', { schemas: undefined }, 400, 'invalidSyntax', USER],
    ['an unknown schema', { schemas: [USER, 'urn:x'] }, 400, 'invalidSyntax', 'urn:x'],
    ['an unknown attribute', { shoeSize: 4 }, 400, 'invalidSyntax', 'shoeSize'],
    ['an unknown sub-attribute', { name: { nick: 'x' } }, 400, 'invalidSyntax', 'nick'],
    ['no userName', { userName: undefined }, 400, 'invalidValue', 'userName'],
    ['a wrong type', { title: 4 }, 400, 'invalidValue', 'title'],
    ['no boolean', { active: 'maybe' }, 400, 'invalidValue', 'active'],
    ['no e-mail address', { emails: [{ value: 'x' }] }, 400, 'invalidValue', '/emails/0/value'],
    [
      'two primary ones',
      { emails: ['a', 'b'].map((n) => ({ value: `${n}@x.example`, primary: true })) },
      400,
      'invalidValue',
      'primary',
    ],
    [
      'a manager nobody knows',
      { [ENTERPRISE]: { manager: { value: '00000000-0000-7000-8000-000000000000' } } },
      400,
      'invalidValue',
      'manager',
    ],
    ['a weak password', { password: 'password' }, 400, 'invalidValue', 'password'],
  ])('%s is refused: %j', async (_, more, status, scimType, named) => {
    const reply = await api.call('POST', '/Users', { body: { schemas: [USER], userName: uniqueName('u'), ...more } });

    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ schemas: [ERROR], status: String(status), scimType });
    expect(reply.body.detail).toContain(named);
  });

  it('a userName that is taken, in any case, is 409 uniqueness', async () => {
    const user = await api.aUser();
    const reply = await api.call('POST', '/Users', {
      body: { schemas: [USER], userName: String(user.userName).toUpperCase() },
    });

    expect(reply.status).toBe(409);
    expect(reply.body).toMatchObject({ schemas: [ERROR], status: '409', scimType: 'uniqueness' });
  });
});

describe('RFC 7644 §3.4.1, §3.9: showing', () => {
  it('attributes and excludedAttributes choose, sub-attributes and URNs too; id and schemas always come', async () => {
    const { id } = await api.aUser(whole());
    const shown = async (parameters: Record<string, string>) =>
      (await api.call('GET', `/Users/${id}${query(parameters)}`)).body;

    expect(Object.keys(await shown({ attributes: 'userName, emails.value' })).sort()).toEqual([
      'emails',
      'id',
      'schemas',
      'userName',
    ]);
    expect((await shown({ attributes: 'emails.type' })).emails).toEqual([{ type: 'work' }, { type: 'home' }]);
    expect((await shown({ attributes: `${ENTERPRISE}:department` }))[ENTERPRISE]).toEqual({ department: 'Tour' });
    expect((await shown({ attributes: ENTERPRISE }))[ENTERPRISE]).toMatchObject({ costCenter: '4130' });
    const less = await shown({ excludedAttributes: 'emails,name.formatted,id,meta' });
    expect(less).toMatchObject({ id, name: { familyName: 'Jensen' } });
    expect(less).not.toHaveProperty('emails');
    expect(less.name).not.toHaveProperty('formatted');
    expect(await shown({ excludedAttributes: ENTERPRISE })).not.toHaveProperty([ENTERPRISE]);
  });

  it('RFC 7644 §3.14: a known version is 304, and every change gives another', async () => {
    const user = await api.aUser();
    const { version } = user.meta as { version: string };

    expect((await api.call('GET', `/Users/${user.id}`, { headers: { 'if-none-match': version } })).status).toBe(304);
    const changed = await api.patch(`/Users/${user.id}`, { op: 'replace', path: 'title', value: 'Boss' });
    expect(changed.headers.get('etag')).not.toBe(version);
    expect((await api.call('GET', `/Users/${user.id}`, { headers: { 'if-none-match': version } })).status).toBe(200);
  });

  it.each(['00000000-0000-7000-8000-000000000000', 'nobody', 'a%20b'])('nobody has the id %s: 404', async (id) => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const body = {
        GET: undefined,
        DELETE: undefined,
        PUT: { schemas: [USER], userName: 'x' },
        PATCH: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'add', path: 'title', value: 'x' }],
        },
      }[method];
      const reply = await api.call(method, `/Users/${id}`, body === undefined ? {} : { body });
      expect([reply.status, reply.body.status]).toEqual([404, '404']);
    }
  });
});

describe('RFC 7644 §3.5.1: replacing', () => {
  it('what is left out is gone, what is read-only stays, and `active` that is not said stays', async () => {
    const { id, userName } = await api.aUser(whole());
    await api.patch(`/Users/${id}`, { op: 'replace', value: { active: false } });
    const reply = await api.call('PUT', `/Users/${id}`, {
      body: { schemas: [USER], userName, title: 'Boss', id: 'other' },
    });

    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ id, userName, title: 'Boss', active: false });
    expect(Object.keys(reply.body).sort()).toEqual(['active', 'id', 'meta', 'schemas', 'title', 'userName']);
  });

  it('what a door of ours knows beside SCIM stays: proofs of an address, birthdate', async () => {
    const email = `${uniqueName('v')}@example.com`;
    const { id } = await api.admin.post('/users', {
      userName: uniqueName('u'),
      birthdate: '2000-01-01',
      emails: [{ value: email, verified: true }],
    });
    const { body } = await api.call('GET', `/Users/${id}`);
    const added = { value: `${uniqueName('v')}@example.com`, type: 'home' };
    await api.call('PUT', `/Users/${id}`, {
      body: { ...body, emails: [{ value: email.toUpperCase(), primary: true }, added] },
    });

    expect(await api.admin.get(`/users/${id}`)).toMatchObject({
      birthdate: '2000-01-01',
      emails: [
        { value: email.toUpperCase(), verified: true },
        { ...added, verified: false },
      ],
    });
  });

  it('the same again changes nothing: no event but the request’s own, the same version', async () => {
    const user = await api.aUser(whole());
    const reply = await api.call('PUT', `/Users/${user.id}`, { body: user });

    expect(reply.body).toEqual(user);
    expect((await api.auditOf(reply)).map(({ type }) => type)).toEqual(['scim-requests.answered']);
  });
});

describe('leaving (DESIGN §2d)', () => {
  it('active: false runs the leaver: access ends, and a receipt accounts for it', async () => {
    const { id } = await api.aUser();
    const reply = await api.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false });

    expect(reply.body).toMatchObject({ active: false });
    expect((await api.auditOf(reply)).map(({ type }) => type)).toContain('users.deactivated');
    const { deprovisioningReceipts = [] } = await api.admin.get(`/users/${id}/deprovisioning-receipts`);
    expect(deprovisioningReceipts).toHaveLength(1);
  });

  it('DELETE removes the person; after that they are nowhere', async () => {
    const { id, userName } = await api.aUser();

    expect((await api.call('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await api.call('GET', `/Users/${id}`)).status).toBe(404);
    expect((await api.call('GET', `/Users${query({ filter: `userName eq "${userName}"` })}`)).body.totalResults).toBe(
      0,
    );
  });
});

describe('RFC 7644 §3.4.2: lists', () => {
  const mark = uniqueName('list');
  const found = async (parameters: Record<string, string | number>) => {
    const reply = await api.call('GET', `/Users${query({ filter: `displayName eq "${mark}"`, ...parameters })}`);
    return { reply, names: resourcesOf(reply).map(({ title }) => title) };
  };

  beforeAll(async () => {
    for (const title of ['c', 'A', 'b', undefined, 'd'])
      await api.aUser({ displayName: mark, ...(title === undefined ? {} : { title }) });
  });

  it('are filtered, with how many there are in all', async () => {
    const { reply, names } = await found({ count: 2 });

    expect(reply.body).toMatchObject({ totalResults: 5, itemsPerPage: 2, startIndex: 1 });
    expect(names).toHaveLength(2);
    expect((await found({ count: 0 })).reply.body).toMatchObject({ totalResults: 5, itemsPerPage: 0, Resources: [] });
    expect((await found({ count: -3 })).reply.body).toMatchObject({ itemsPerPage: 0 });
    expect((await found({ startIndex: 0 })).reply.body).toMatchObject({ startIndex: 1, itemsPerPage: 5 });
    expect((await found({ startIndex: 9 })).reply.body).toMatchObject({ totalResults: 5, itemsPerPage: 0 });
  });

  it('RFC 7644 §3.4.2.3: are ordered without regard to case, what has no value last, or first when descending', async () => {
    expect((await found({ sortBy: 'title' })).names).toEqual(['A', 'b', 'c', 'd', undefined]);
    expect((await found({ sortBy: 'title', sortOrder: 'descending' })).names).toEqual([undefined, 'd', 'c', 'b', 'A']);
    const pages = await Promise.all(
      [1, 2, 3, 4, 5].map((startIndex) => found({ sortBy: 'title', startIndex, count: 1 })),
    );
    expect(pages.flatMap(({ names }) => names)).toEqual(['A', 'b', 'c', 'd', undefined]);
  });

  it.each([
    {},
    { sortBy: 'title' },
    { sortBy: 'title', sortOrder: 'descending' },
    { sortBy: 'meta.created' },
    { sortBy: 'emails' },
    { sortBy: 'active' },
  ])('RFC 9865: cursors go through all of it once: %j', async (order) => {
    const all = (await found({ ...order })).names;
    const seen: unknown[] = [];
    let cursor: unknown = '';
    while (typeof cursor === 'string') {
      const { reply, names }: Awaited<ReturnType<typeof found>> = await found({ ...order, cursor, count: 2 });
      expect(reply.body).not.toHaveProperty('startIndex');
      seen.push(...names);
      cursor = reply.body.nextCursor;
    }

    expect(seen).toHaveLength(5);
    if (!('sortBy' in order) || order.sortBy === 'title') expect(seen).toEqual(all);
  });

  it('.search is the same with a body', async () => {
    const body = {
      schemas: [SEARCH],
      filter: `displayName eq "${mark}"`,
      sortBy: 'title',
      count: 2,
      attributes: ['title'],
    };
    const reply = await api.call('POST', '/Users/.search', { body });

    expect(reply.body).toMatchObject({ totalResults: 5, itemsPerPage: 2 });
    expect(resourcesOf(reply).map(({ title }) => title)).toEqual(['A', 'b']);
    expect(resourcesOf(reply)[0]).not.toHaveProperty('userName');
  });

  it.each([
    [{ filter: 'shoeSize eq 4' }, 'invalidFilter', 'position 0'],
    [{ filter: 'userName eq' }, 'invalidFilter', 'position 11'],
    [{ filter: 'password eq "x"' }, 'invalidFilter', 'password cannot be asked for'],
    [{ sortBy: 'shoeSize' }, 'invalidValue', 'shoeSize'],
    [{ sortBy: 'name' }, 'invalidValue', 'name'],
    [{ sortBy: 'password' }, 'invalidValue', 'password'],
    [{ sortOrder: 'up' }, 'invalidValue', 'sortOrder'],
    [{ count: 'many' }, 'invalidCount', 'count'],
    [{ startIndex: '1.5' }, 'invalidValue', 'startIndex'],
    [{ cursor: 'nonsense' }, 'invalidCursor', 'nextCursor'],
    [{ cursor: '', startIndex: 1 }, 'invalidValue', 'not both'],
    [{ attributes: 'title', excludedAttributes: 'name' }, 'invalidValue', 'not both'],
  ])('%j is refused with %s', async (parameters, scimType, named) => {
    const reply = await api.call('GET', `/Users${query(parameters as Record<string, string>)}`);

    expect(reply.body).toMatchObject({ schemas: [ERROR], status: '400', scimType });
    expect(reply.body.detail).toContain(named);
  });

  it('RFC 9865: a cursor of another question is refused', async () => {
    const { reply } = await found({ cursor: '', count: 1 });
    const other = await api.call('GET', `/Users${query({ cursor: String(reply.body.nextCursor), count: 1 })}`);

    expect(other.body).toMatchObject({ status: '400', scimType: 'invalidCursor' });
  });
});
