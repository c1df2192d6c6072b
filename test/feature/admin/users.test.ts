import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPeopleApi, faults, items, type PeopleApi, type Reply } from './people-api.ts';

let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi();
});

afterAll(() => api.close());

const alice = {
  userName: 'Alice@example.com',
  externalId: 'hr-1',
  name: { givenName: 'Alice', familyName: 'Archer', formatted: 'Dr Alice Archer' },
  displayName: 'Alice A.',
  profileUrl: 'https://people.example.com/alice',
  preferredLanguage: 'en-gb, en;q=0.8',
  locale: 'en-GB',
  timezone: 'Europe/Berlin',
  birthdate: '1987-02-28',
  emails: [
    { value: 'alice@example.com', type: 'work', verified: true },
    { value: 'alice@home.example', type: 'home', primary: false },
  ],
  phoneNumbers: [{ value: '+44 20 7946 0000', type: 'work' }],
  addresses: [{ locality: 'London', country: 'GB', formatted: '1 High Street\nLondon' }],
};

describe('POST /users', () => {
  it('creates a person with the SCIM attributes, an ETag and an audit event (RFC 7643 §4.1)', async () => {
    const reply = await api.call('POST', '/users', { body: alice });

    expect(reply.status).toBe(201);
    expect(reply.headers.get('location')).toBe(`/admin/v1/users/${reply.body.id}`);
    expect(reply.headers.get('etag')).toBe('"1"');
    expect(reply.body).toMatchObject({ ...alice, active: true, emails: [{ primary: true, verified: true }, {}] });
    const again = await api.call('GET', String(reply.headers.get('location')));
    expect(again.body).toEqual(reply.body);
    const [event] = await api.auditOf(reply);
    expect(event).toMatchObject({ type: 'users.created', actorId: 'provisioning', targetId: reply.body.id });
    expect(event?.details).toMatchObject({ changed: { userName: { to: alice.userName }, active: { to: true } } });
  });

  it('RFC 7643 §4.1.1: userName is unique without regard to case, also in a replay; the answer points at it', async () => {
    const [one, two] = await Promise.all([
      api.call('POST', '/users', { body: { userName: 'bob' } }),
      api.call('POST', '/users', { body: { userName: 'BOB' } }),
    ]);

    expect([one.status, two.status].sort()).toEqual([201, 409]);
    const refused = one.status === 409 ? one : two;
    expect(refused.body).toMatchObject({ code: 'users.user_name_taken' });
    expect(faults(refused)).toEqual(['/userName']);
    expect(await api.auditOf(refused)).toEqual([]);
  });

  it('only userName is required, and a user name of another width is the same one (NFKC)', async () => {
    const first = await api.call('POST', '/users', { body: { userName: 'carol' } });
    const wide = await api.call('POST', '/users', { body: { userName: 'ｃａｒｏｌ' } });

    expect([first.status, wide.status]).toEqual([201, 409]);
    expect(first.body).toMatchObject({ active: true, emails: [], phoneNumbers: [] });
  });

  const wrong: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['no userName', {}, '/userName'],
    ['an empty userName', { userName: '' }, '/userName'],
    ['a userName of 321 characters', { userName: 'x'.repeat(321) }, '/userName'],
    ['a userName whose compared form is enormous', { userName: '\ufdfa'.repeat(320) }, '/userName'],
    ['white space around', { userName: ' dave' }, '/userName'],
    ['a line break', { userName: 'dave\nroot' }, '/userName'],
    ['an invisible character', { userName: 'da\u200bve' }, '/userName'],
    ['NUL', { userName: 'da\u0000ve' }, '/userName'],
    ['active as text', { userName: 'w', active: 'true' }, '/active'],
    ['verified as text', { userName: 'w', emails: [{ value: 'w@x.example', verified: 'true' }] }, '/emails/0/verified'],
    ['no address', { userName: 'w', emails: [{ value: 'w at x' }] }, '/emails/0/value'],
    ['a look-alike @', { userName: 'w', emails: [{ value: 'w\uff20evil.example@x.example' }] }, '/emails/0/value'],
    [
      'two primary addresses',
      {
        userName: 'w',
        emails: [
          { value: 'a@x.example', primary: true },
          { value: 'b@x.example', primary: true },
        ],
      },
      '/emails/1/primary',
    ],
    [
      'one address twice',
      { userName: 'w', emails: [{ value: 'a@x.example' }, { value: 'A@X.example' }] },
      '/emails/1/value',
    ],
    [
      '51 addresses',
      { userName: 'w', emails: Array.from({ length: 51 }, (_, n) => ({ value: `${n}@x.example` })) },
      '/emails',
    ],
    ['a birthdate that is no day', { userName: 'w', birthdate: '2023-02-29' }, '/birthdate'],
    ['a locale that is no tag', { userName: 'w', locale: 'english please' }, '/locale'],
    ['a time zone that is none', { userName: 'w', timezone: 'Mars/Olympus' }, '/timezone'],
    ['a javascript: address', { userName: 'w', website: 'javascript:alert(1)' }, '/website'],
    ['a data: picture', { userName: 'w', photos: [{ value: 'data:image/png;base64,AA' }] }, '/photos/0/value'],
    ['an unknown member of a name', { userName: 'w', name: { nick: 'x' } }, '/name/nick'],
    [
      'an unknown member of an address',
      { userName: 'w', emails: [{ value: 'w@x.example', is_verified: true }] },
      '/emails/0/is_verified',
    ],
    ['a short password', { userName: 'w', password: 'short' }, '/password'],
    ['the user name as password', { userName: 'walter-the-third', password: 'Walter-the-Third' }, '/password'],
    ['a hash nobody knows', { userName: 'w', passwordHash: 'plain:hunter2' }, '/passwordHash'],
    ['a hash that costs too much', { userName: 'w', passwordHash: `$2b$31$${'.'.repeat(53)}` }, '/passwordHash'],
    ['two passwords', { userName: 'w', password: 'seven otters', passwordHash: 'x' }, '/passwordHash'],
  ];
  it.each(wrong)('%s is refused with 422 and a pointer, and nothing is stored', async (_, body, pointer) => {
    const reply = await api.call('POST', '/users', { body });

    expect([reply.status, faults(reply)]).toEqual([422, [pointer]]);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    const found = await api.read.query('SELECT 1 FROM users WHERE user_name_key IN ($1, $2)', [
      'w',
      'walter-the-third',
    ]);
    expect(found).toEqual([]);
  });

  it('takes a password and keeps its hash alone; neither is ever shown or recorded', async () => {
    const password = 'seven otters keep the ledger';
    const reply = await api.call('POST', '/users', { body: { userName: 'erin', password } });

    const [row] = await api.read.query<{ hash: string }>('SELECT hash FROM password_credentials WHERE user_id = $1', [
      reply.body.id,
    ]);
    expect(await api.hashing.verifyPassword(row?.hash, password)).toMatchObject({ matches: true });
    const events = await api.auditOf(reply);
    expect(events.map((event) => event.type).sort()).toEqual(['passwords.changed', 'users.created']);
    const everything = reply.text + JSON.stringify(events);
    expect(everything).not.toContain(password);
    expect(everything).not.toContain(row?.hash ?? 'no hash');
  });

  it('takes the hash another system made', async () => {
    const passwordHash = '$2b$04$abcdefghijklmnopqrstuuV0dGMxBmQXLLwNPmLjnmFkFqJYqHdWm';
    const reply = await api.call('POST', '/users', { body: { userName: 'frank', passwordHash } });

    expect(reply.status).toBe(201);
    const rows = await api.read.query('SELECT hash FROM password_credentials WHERE user_id = $1', [reply.body.id]);
    expect(rows).toEqual([{ hash: passwordHash }]);
  });
});

describe('PATCH /users/:id (RFC 7396)', () => {
  it('changes what is named, removes what is null, replaces lists whole, and records the difference', async () => {
    const id = await api.aUser({ ...alice, userName: 'grace', displayName: 'Grace' });

    const reply = await api.call('PATCH', `/users/${id}`, {
      body: { displayName: null, name: { givenName: 'Grace' }, emails: [{ value: 'grace@example.com' }] },
      headers: { 'content-type': 'application/merge-patch+json' },
    });

    expect(reply.status).toBe(200);
    expect(reply.headers.get('etag')).toBe('"2"');
    expect(reply.body).not.toHaveProperty('displayName');
    expect(reply.body).toMatchObject({
      name: { givenName: 'Grace', familyName: 'Archer' },
      emails: [{ value: 'grace@example.com', primary: true, verified: false }],
    });
    const [event] = await api.auditOf(reply);
    expect(event).toMatchObject({ type: 'users.updated', details: { changed: { displayName: { from: 'Grace' } } } });
    expect(Object.keys(Object(event?.details?.changed)).sort()).toEqual(['displayName', 'emails', 'name']);
  });

  it('RFC 9110 §13.1.1: a wrong If-Match changes nothing (412); the right one works once', async () => {
    const id = await api.aUser();
    const change = (tag: string, nickName: string) =>
      api.call('PATCH', `/users/${id}`, { body: { nickName }, headers: { 'if-match': tag } });

    const [one, two] = await Promise.all([change('"1"', 'first'), change('"1"', 'second')]);

    expect([one.status, two.status].sort()).toEqual([200, 412]);
    expect((await change('"1"', 'third')).status).toBe(412);
    expect((await change('W/"2"', 'third')).status).toBe(412);
    expect((await change('"2"', 'third')).status).toBe(200);
  });

  it('of two If-Match changes of "active" at once one wins', async () => {
    const id = await api.aUser();
    const change = (body: object) => api.call('PATCH', `/users/${id}`, { body, headers: { 'if-match': '"1"' } });

    const replies = await Promise.all([change({ active: false }), change({ active: false, title: 'x' })]);

    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 412]);
  });

  it('parallel changes of different attributes all last', async () => {
    const id = await api.aUser();
    const changes = [{ nickName: 'n' }, { title: 't' }, { gender: 'g' }, { userType: 'u' }, { displayName: 'd' }];

    const replies = await Promise.all(changes.map((body) => api.call('PATCH', `/users/${id}`, { body })));

    expect(replies.map((reply) => reply.status)).toEqual(changes.map(() => 200));
    expect((await api.call('GET', `/users/${id}`)).body).toMatchObject(Object.assign({}, ...changes));
  });

  it('a change to the same changes nothing and records nothing', async () => {
    const id = await api.aUser({ title: 'Dr' });
    const reply = await api.call('PATCH', `/users/${id}`, { body: { title: 'Dr', nickName: null } });

    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"1"']);
    expect(await api.auditOf(reply)).toEqual([]);
  });

  it('userName cannot be removed, active is a boolean, and a taken userName is a conflict', async () => {
    const id = await api.aUser();
    await api.aUser({ userName: 'heidi' });
    const patch = (body: object) => api.call('PATCH', `/users/${id}`, { body });

    expect((await patch({ userName: null })).status).toBe(422);
    expect((await patch({ active: null })).status).toBe(422);
    expect((await patch({ userName: 'HEIDI' })).status).toBe(409);
  });

  it('__proto__ and constructor are unknown fields like any other', async () => {
    const id = await api.aUser();
    const reply = await api.call('PATCH', `/users/${id}`, { body: '{"__proto__":{"active":false},"constructor":1}' });

    expect(reply.status).toBe(422);
    expect((await api.call('GET', `/users/${id}`)).body).toMatchObject({ active: true });
  });
});

describe('deactivation, return and deletion', () => {
  const state = async (id: string) => (await api.call('GET', `/users/${id}`)).body;

  it('active: false ends sessions, grants, links and earlier tokens in one transaction, and says so once', async () => {
    const id = await api.aUser({ title: 'x' });
    const link = await api.call('POST', `/users/${id}/set-password-link`);
    await aProviderRecord(id, 'Session');
    await aProviderRecord(id, 'RefreshToken');

    const reply = await api.call('PATCH', `/users/${id}`, { body: { active: false, title: 'y' } });

    expect(reply.body).toMatchObject({ active: false, title: 'y', accessValidFrom: api.clock.now().toISOString() });
    const left = await api.read.query('SELECT model FROM provider_records WHERE account_id = $1 AND ended_at IS NULL', [
      id,
    ]);
    expect(left).toEqual([]);
    expect(await unusedLinks(id)).toBe(0);
    expect(link.status).toBe(201);
    expect((await api.auditOf(reply)).map((event) => event.type).sort()).toEqual([
      'users.deactivated',
      'users.updated',
    ]);
    const replay = await api.call('PATCH', `/users/${id}`, { body: { active: false } });
    expect([replay.status, await api.auditOf(replay)]).toEqual([200, []]);
  });

  it('a return restores nothing that ended', async () => {
    const id = await api.aUser();
    await aProviderRecord(id, 'RefreshToken');
    await api.call('PATCH', `/users/${id}`, { body: { active: false } });
    const { accessValidFrom } = await state(id);
    api.clock.advanceSeconds(60);

    const reply = await api.call('PATCH', `/users/${id}`, { body: { active: true } });

    expect(reply.body).toMatchObject({ active: true, accessValidFrom });
    expect(await api.read.query('SELECT 1 FROM provider_records WHERE account_id = $1', [id])).toEqual([]);
    expect((await api.auditOf(reply)).map((event) => event.type)).toEqual(['users.reactivated']);
  });

  it('DELETE removes the person and all their access; a replay is a 404', async () => {
    const id = await api.aUser({ password: 'seven otters keep the ledger', emails: [{ value: 'x@y.example' }] });
    await aProviderRecord(id, 'Grant');
    expect((await api.call('DELETE', `/users/${id}`, { headers: { 'if-match': '"7"' } })).status).toBe(412);

    const reply = await api.call('DELETE', `/users/${id}`);

    expect([reply.status, reply.text]).toEqual([204, '']);
    expect((await api.auditOf(reply)).map((event) => event.type)).toEqual(['users.deleted']);
    expect(await api.read.query('SELECT 1 FROM provider_records WHERE account_id = $1', [id])).toEqual([]);
    expect(await api.read.query('SELECT 1 FROM password_credentials WHERE user_id = $1', [id])).toEqual([]);
    expect((await api.call('DELETE', `/users/${id}`)).status).toBe(404);
  });
});

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

async function aProviderRecord(userId: string, model: string): Promise<void> {
  await api.dataSource.query(
    `INSERT INTO provider_records (id, model, payload, account_id, uid, expires_at)
     VALUES (sha256(gen_random_uuid()::text::bytea), $1, $2, $3, gen_random_uuid()::text, now() + interval '1 hour')`,
    [model, JSON.stringify({ accountId: userId, kind: model }), userId],
  );
}

async function unusedLinks(userId: string): Promise<number> {
  const rows = await api.read.query('SELECT 1 FROM one_time_links WHERE user_id = $1 AND consumed_at IS NULL', [
    userId,
  ]);
  return rows.length;
}
