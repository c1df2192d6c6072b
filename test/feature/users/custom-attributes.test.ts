import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { amendUser } from '../../../src/domain/lifecycle/amend-user.ts';
import { CUSTOM } from '../../../src/domain/users/custom-input.ts';
import { aPeopleApi, type Body, faults, items, operator, type PeopleApi } from '../admin/people-api.ts';

let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi();
});

afterAll(() => api.close());

beforeEach(async () => {
  for (const { id } of items(await api.call('GET', '/user-attributes'), 'userAttributes'))
    await api.call('DELETE', `/user-attributes/${id}`);
});

const define = (body: Body) => api.call('POST', '/user-attributes', { body });
const badge = { name: 'badge', schema: { type: 'string' }, unique: true, searchable: true };
const create = (userName: string, custom: Body) => api.call('POST', '/users', { body: { userName, [CUSTOM]: custom } });
const patch = (id: unknown, custom: Body | null) => api.call('PATCH', `/users/${id}`, { body: { [CUSTOM]: custom } });
const pointer = (...path: string[]) => [CUSTOM, ...path].map((step) => `/${step}`).join('');
let count = 0;
const aName = () => {
  count += 1;
  return `custom-${count}`;
};

describe('/user-attributes', () => {
  it('a definition is made, shown, changed with its ETag, deleted, and told in the audit log', async () => {
    const made = await define({ ...badge, description: 'Number on the badge' });
    expect([made.status, made.headers.get('location')]).toEqual([201, `/admin/v1/user-attributes/${made.body.id}`]);
    const path = String(made.headers.get('location')).replace('/admin/v1', '');
    expect((await api.call('GET', path)).body).toEqual(made.body);
    expect(made.body).toMatchObject({
      ...badge,
      mutability: 'readWrite',
      readableBy: ['admin', 'self'],
      writableBy: ['admin', 'provisioning'],
    });

    const change = { body: { description: 'Other', schema: { type: 'string', maxLength: 9 } } };
    const changed = await api.call('PATCH', path, { ...change, headers: { 'if-match': '"1"' } });
    const late = await api.call('PATCH', path, { body: { description: null }, headers: { 'if-match': '"1"' } });

    expect([changed.status, changed.body.version, late.status]).toEqual([200, 2, 412]);
    const gone = await api.call('DELETE', path);
    expect([gone.status, (await api.call('GET', path)).status]).toEqual([204, 404]);
    const events = [...(await api.auditOf(made)), ...(await api.auditOf(changed)), ...(await api.auditOf(gone))];
    expect(events.map(({ type }) => type)).toEqual(
      ['created', 'updated', 'deleted'].map((what) => `user-attributes.${what}`),
    );
  });

  it('each call needs its permission', async () => {
    const { body } = await define(badge);
    for (const [method, path, permission] of [
      ['GET', '/user-attributes', 'user-attributes:read'],
      ['GET', `/user-attributes/${body.id}`, 'user-attributes:read'],
      ['POST', '/user-attributes', 'user-attributes:write'],
      ['PATCH', `/user-attributes/${body.id}`, 'user-attributes:write'],
      ['DELETE', `/user-attributes/${body.id}`, 'user-attributes:write'],
    ] as const) {
      const others = ['user-attributes:read', 'user-attributes:write', 'users:write'].filter(
        (one) => one !== permission,
      );
      const options = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
      expect((await api.call(method, path, { ...options, token: api.tokenFor(others) })).status).toBe(403);
    }
  });

  const wrong: readonly (readonly [string, Body, string])[] = [
    ['no schema', { name: 'x' }, '/schema'],
    ['a schema of objects', { name: 'x', schema: { type: 'object' } }, '/schema'],
    [
      'a pattern: it could take for ever',
      { name: 'x', schema: { type: 'string', pattern: '(a+)+$' } },
      '/schema/pattern',
    ],
    ['arrays of arrays', { name: 'x', schema: { type: 'array', items: { type: 'array' } } }, '/schema'],
    ['a name with a dot', { ...badge, name: 'a.b' }, '/name'],
    ['__proto__', { ...badge, name: '__proto__' }, '/name'],
    [
      'a claim of the protocol',
      { ...badge, readableBy: ['clients'], claim: { name: 'sub', scope: 'profile' } },
      '/claim/name',
    ],
    ['a claim nobody may read', { ...badge, claim: { name: 'badge', scope: 'profile' } }, '/claim'],
    ['readers without a claim', { ...badge, readableBy: ['clients'] }, '/claim'],
    ['a reader nobody knows', { ...badge, readableBy: ['everyone'] }, '/readableBy/0'],
    ['a member nobody knows', { ...badge, required: true }, '/required'],
  ];
  it.each(wrong)('%s is refused with a pointer', async (_, body, place) => {
    const reply = await define(body);

    expect([reply.status, faults(reply)[0]]).toEqual([422, place]);
  });

  it('names are taken without regard to case, and so is a claim; the type does not change', async () => {
    const claim = { readableBy: ['clients'], claim: { name: 'badge_no', scope: 'profile' } };
    const { body } = await define({ ...badge, ...claim });

    const twice = await define({ ...badge, name: 'BADGE' });
    const told = await define({ ...badge, ...claim, name: 'other' });
    const other = await api.call('PATCH', `/user-attributes/${body.id}`, { body: { schema: { type: 'integer' } } });

    expect([twice.body.code, told.body.code]).toEqual(['user_attributes.name_taken', 'user_attributes.claim_taken']);
    expect([other.status, faults(other)]).toEqual([422, ['/schema']]);
  });
});

describe('values', () => {
  const kinds: readonly (readonly [Body, readonly unknown[], readonly unknown[]])[] = [
    [{ type: 'string' }, ['x', 'Ünïcode'], ['', 1, true, ' x', 'a\nb', 'x'.repeat(257), '\u0000', ['x']]],
    [{ type: 'string', maxLength: 3 }, ['abc'], ['abcd']],
    [{ type: 'string', format: 'date' }, ['2026-02-28'], ['2026-02-30', '2026', '0000-01-01', 20260228]],
    [{ type: 'string', enum: ['S', 'M'] }, ['S'], ['s', 'L', '']],
    [{ type: 'boolean' }, [true, false], ['true', 0]],
    [{ type: 'integer', minimum: 1, maximum: 9 }, [1, 9], [0, 10, 1.5, '1', 1e300]],
    [{ type: 'number' }, [1.25, -3], ['1.25']],
    [{ type: 'array', items: { type: 'string' }, maxItems: 2 }, [['a', 'b'], []], ['a', ['a', 'b', 'c'], [1]]],
  ];
  it.each(kinds)('%j takes what fits and refuses the rest at its place', async (schema, good, bad) => {
    await define({ name: 'it', schema });
    for (const value of good) {
      const reply = await create(aName(), { it: value });
      expect([value, reply.status, (reply.body[CUSTOM] as Body)?.it]).toEqual([value, 201, value]);
    }
    for (const value of bad) {
      const reply = await create('never', { it: value });
      expect([value, reply.status, String(faults(reply)[0]).startsWith(pointer('it'))]).toEqual([value, 422, true]);
    }
  });

  it('unknown names are refused by name, in a creation and in a change', async () => {
    await define(badge);
    const id = await api.aUser();
    for (const name of ['Badge', 'nobody', 'constructor', '']) {
      const values = JSON.stringify({ [CUSTOM]: {} }).replace('{}', `{${JSON.stringify(name)}:"x"}`);
      const headers = { 'content-type': 'application/json' };
      const created = await api.call('POST', '/users', { headers, body: `{"userName":"never",${values.slice(1)}` });
      const changed = await api.call('PATCH', `/users/${id}`, { headers, body: values });

      for (const reply of [created, changed])
        expect([name, reply.status, faults(reply)]).toEqual([name, 422, [pointer(name)]]);
    }
  });

  it('one is changed, the others stay; null removes; both are told in the log', async () => {
    await define({ name: 'one', schema: { type: 'string' } });
    await define({ name: 'two', schema: { type: 'integer' } });
    const { body } = await create(aName(), { one: 'a', two: 2 });

    const changed = await patch(body.id, { one: 'b' });

    expect(changed.body[CUSTOM]).toEqual({ one: 'b', two: 2 });
    const [event] = await api.auditOf(changed);
    expect(event?.details).toMatchObject({ changed: { [CUSTOM]: { from: { one: 'a' }, to: { one: 'b' } } } });
    expect((await patch(body.id, { two: null })).body[CUSTOM]).toEqual({ one: 'b' });
    expect((await patch(body.id, null)).body).not.toHaveProperty([CUSTOM]);
  });

  it('a unique value belongs to one person, also when many ask at once and in any case', async () => {
    await define(badge);

    const replies = await Promise.all(['B-1', 'b-1', 'B-1', 'b-1'].map((value) => create(aName(), { badge: value })));

    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const refused = replies.find(({ status }) => status === 409);
    expect([refused?.body.code, refused && faults(refused)]).toEqual(['users.attribute_taken', [pointer('badge')]]);
    const holder = replies.find(({ status }) => status === 201);
    await patch(holder?.body.id, { badge: 'B-2' });
    expect((await create(aName(), { badge: 'B-1' })).status).toBe(201);
  });

  it('people are found by searchable attributes, alone and with others; by the rest they are not', async () => {
    await define(badge);
    await define({ name: 'sizes', schema: { type: 'array', items: { type: 'integer' } }, searchable: true });
    await define({ name: 'secret', schema: { type: 'string' } });
    const first = await create(aName(), { badge: 'F-1', sizes: [40, 41], secret: 's' });
    // Lists are in the order of ids, which two people of one millisecond do not have.
    api.clock.advanceSeconds(1);
    const second = await create(aName(), { sizes: [41] });
    const found = async (query: string) => items(await api.call('GET', `/users?${query}`), 'users').map(({ id }) => id);

    expect(await found(`${CUSTOM}:badge=f-1`)).toEqual([first.body.id]);
    expect(await found(`${CUSTOM}:sizes=41`)).toEqual([first.body.id, second.body.id]);
    expect(await found(`${CUSTOM}:sizes=41&${CUSTOM}:badge=f-1`)).toEqual([first.body.id]);
    expect(await found(`${CUSTOM}:sizes=41&userName=${second.body.userName}`)).toEqual([second.body.id]);
    const page = await api.call('GET', `/users?${CUSTOM}:sizes=41&limit=1`);
    expect(await found(`${CUSTOM}:sizes=41&limit=1&cursor=${page.body.nextCursor}`)).toEqual([second.body.id]);
    for (const name of ['secret', 'nobody']) {
      const reply = await api.call('GET', `/users?${CUSTOM}:${name}=s`);
      expect([reply.status, faults(reply)]).toEqual([422, [`${CUSTOM}:${name}`]]);
    }
  });

  it('who may write is asked at every door, and who may read at every answer', async () => {
    await define({ name: 'hr', schema: { type: 'string' }, writableBy: ['provisioning'] });
    await define({ name: 'own', schema: { type: 'string' }, writableBy: ['self'], readableBy: ['self'] });
    await define({ name: 'fixed', schema: { type: 'string' }, mutability: 'readOnly', writableBy: ['admin', 'self'] });
    const id = await api.aUser();
    const writes = (name: string, by: 'admin' | 'self' | 'provisioning') =>
      api
        .transact({ type: 'client', id: 'x' }, (tx) => amendUser(tx, { id, patch: { [CUSTOM]: { [name]: by } }, by }))
        .then(
          () => true,
          () => false,
        );

    const may = [];
    for (const name of ['hr', 'own', 'fixed'])
      for (const by of ['admin', 'self', 'provisioning'] as const)
        if (await writes(name, by)) may.push(`${name} ${by}`);

    expect(may).toEqual(['hr provisioning', 'own self']);
    await api.transact(operator, (tx) => amendUser(tx, { id, patch: { [CUSTOM]: { fixed: 'by hand' } } }));
    expect((await api.call('GET', `/users/${id}`)).body[CUSTOM]).toEqual({ hr: 'provisioning', fixed: 'by hand' });
    expect(faults(await patch(id, { hr: 'me', fixed: 'me' }))).toEqual([pointer('hr'), pointer('fixed')]);
  });

  it('an immutable attribute is set once', async () => {
    await define({ name: 'born', schema: { type: 'string' }, mutability: 'immutable' });
    const id = await api.aUser();

    expect((await patch(id, { born: 'a' })).status).toBe(200);
    expect((await patch(id, { born: 'a' })).status).toBe(200);
    expect([(await patch(id, { born: 'b' })).status, (await patch(id, { born: null })).status]).toEqual([422, 422]);
  });

  it('deleting an attribute takes its values and frees them; a new one of the name begins empty', async () => {
    const { body } = await define(badge);
    const person = await create(aName(), { badge: 'D-1' });

    await api.call('DELETE', `/user-attributes/${body.id}`);

    expect((await api.call('GET', `/users/${person.body.id}`)).body).not.toHaveProperty([CUSTOM]);
    await define(badge);
    expect((await api.call('GET', `/users/${person.body.id}`)).body).not.toHaveProperty([CUSTOM]);
    expect((await create(aName(), { badge: 'D-1' })).status).toBe(201);
  });
});
