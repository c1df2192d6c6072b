import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPeopleApi, faults, type PeopleApi } from './people-api.ts';

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
