import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPeopleApi, faults, items, type PeopleApi, type Reply } from './people-api.ts';

let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi();
});

afterAll(() => api.close());

describe('who may', () => {
  const calls = (id: string): readonly (readonly [string, string, string])[] => [
    ['GET', '/users', 'users:read'],
    ['GET', `/users/${id}`, 'users:read'],
    ['POST', '/users', 'users:write'],
    ['PATCH', `/users/${id}`, 'users:write'],
    ['DELETE', `/users/${id}`, 'users:write'],
    ['PUT', `/users/${id}/password`, 'users:write'],
    ['POST', `/users/${id}/set-password-link`, 'users:write'],
  ];

  it('RFC 6750 §3.1: no token is 401, a token without the permission is 403 and names it', async () => {
    const id = await api.aUser();
    const others = ['users:read', 'users:write', 'groups:write', 'clients:write'];
    for (const [method, path, permission] of calls(id)) {
      const options = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
      const anonymous = await api.call(method, path, { ...options, token: null });
      const unknown = await api.call(method, path, { ...options, token: 'nobody' });
      const token = api.tokenFor(others.filter((other) => other !== permission));
      const stranger = await api.call(method, path, { ...options, token });

      expect([anonymous.status, unknown.status, stranger.status]).toEqual([401, 401, 403]);
      expect(stranger.headers.get('www-authenticate')).toContain(`scope="${permission}"`);
    }
    expect((await api.call('GET', `/users/${id}`)).status).toBe(200);
  });

  it('an id that does not exist or is none is a 404 everywhere', async () => {
    for (const id of ['00000000-0000-7000-8000-000000000000', 'nobody', '%F0%9F%A6%A6', "1'%20OR%20'1'='1"]) {
      for (const [method, path] of calls(id).filter(([, path]) => path.includes(`/users/${id}`))) {
        const body = path.endsWith('password') ? { password: 'seven otters keep the ledger' } : {};
        const reply: Reply = await api.call(method, path, method === 'GET' || method === 'DELETE' ? {} : { body });

        expect([method, path, reply.status]).toEqual([method, path, 404]);
      }
    }
  });
});

describe('GET /users', () => {
  it('searches by each attribute in both spellings, without regard to case', async () => {
    const id = await api.aUser({
      userName: 'Ivan.Search',
      externalId: 'hr-77',
      displayName: 'Ivan the Found',
      name: { familyName: 'Foundling', givenName: 'Ivan' },
      emails: [{ value: 'first@found.example' }, { value: 'second@found.example' }],
    });
    const queries = [
      'userName=ivan.search',
      'externalId=hr-77',
      'displayName=IVAN THE FOUND',
      'familyName=foundling',
      'name.familyName=FOUNDLING',
      'givenName=ivan',
      'name.givenName=ivan',
      'email=SECOND@found.example',
      'emails.value=first@found.example',
      'active=true&familyName=foundling&email=first@found.example',
    ];
    for (const query of queries) {
      const reply = await api.call('GET', `/users?${encodeURI(query)}`);

      expect([query, items(reply, 'users').map((user) => user.id)]).toEqual([query, [id]]);
      expect(reply.body).not.toHaveProperty('nextCursor');
    }
    for (const query of ['externalId=HR-77', 'active=false&familyName=foundling', 'userName=']) {
      expect([query, items(await api.call('GET', `/users?${query}`), 'users')]).toEqual([query, []]);
    }
  });

  it('unknown, repeated and malformed parameters are refused by name', async () => {
    for (const [query, name] of [
      ['role=admin', 'role'],
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=ten', 'limit'],
      ['active=yes', 'active'],
      ['userName=a&userName=b', 'userName'],
      ['email=a&emails.value=b', 'email'],
      ['cursor=AAAA', 'cursor'],
    ]) {
      const reply = await api.call('GET', `/users?${query}`);

      expect([query, reply.status, faults(reply)]).toEqual([query, 422, [name]]);
    }
  });

  it('pages by key: everyone who is there all the time is listed exactly once while others come and go', async () => {
    const familyName = 'Steady';
    const steady = await Promise.all(Array.from({ length: 25 }, () => api.aUser({ name: { familyName } })));
    const seen: string[] = [];
    let path: string | undefined = `/users?familyName=${familyName}&limit=4`;
    while (path !== undefined) {
      const reply: Reply = await api.call('GET', path);
      seen.push(...items(reply, 'users').map((user) => String(user.id)));
      const passing = await api.aUser({ name: { familyName } });
      await api
        .aUser({ name: { familyName } })
        .then((id) => api.call('PATCH', `/users/${id}`, { body: { name: null } }));
      await api.call('DELETE', `/users/${passing}`);
      path = /<([^>]+)>; rel="next"/.exec(reply.headers.get('link') ?? '')?.[1];
      expect(path === undefined).toBe(reply.body.nextCursor === undefined);
    }

    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => steady.includes(id)).sort()).toEqual([...steady].sort());
  });
});
