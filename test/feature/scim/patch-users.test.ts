import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aScimApi, type Body, ENTERPRISE, PATCH_OP, type ScimApi, uniqueName } from './scim-api.ts';

let api: ScimApi;

beforeAll(async () => {
  api = await aScimApi();
}, 60_000);

afterAll(() => api.close());

const work = { value: 'w@example.com', type: 'work', primary: true };
const home = { value: 'h@example.com', type: 'home', primary: false };
const start = {
  name: { familyName: 'Jensen', givenName: 'Barbara' },
  title: 'Guide',
  emails: [work, home],
  addresses: [{ type: 'work', locality: 'Rome' }],
  [ENTERPRISE]: { department: 'Tour', costCenter: '1' },
};

/** What a person with `start` is after the operations. */
async function after(...operations: Body[]): Promise<Body> {
  const user = await api.aUser(start);
  const reply = await api.patch(`/Users/${user.id}`, ...operations);
  if (reply.status !== 200) throw new Error(reply.text);
  expect((await api.call('GET', `/Users/${user.id}`)).body).toEqual(reply.body);
  return reply.body;
}

describe('RFC 7644 §3.5.2: every operation × every form of path', () => {
  it.each<[string, Body[], Body]>([
    ['add, simple', [{ op: 'add', path: 'nickName', value: 'B' }], { nickName: 'B', title: 'Guide' }],
    ['replace, simple', [{ op: 'replace', path: 'title', value: 'Boss' }], { title: 'Boss' }],
    [
      'replace, by URN',
      [{ op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:title', value: 'Boss' }],
      { title: 'Boss' },
    ],
    ['remove, simple', [{ op: 'remove', path: 'title' }], { title: undefined }],
    ['replace by nothing', [{ op: 'replace', path: 'title', value: null }], { title: undefined }],
    [
      'add, complex',
      [{ op: 'add', path: 'name', value: { middleName: 'J' } }],
      { name: { ...start.name, middleName: 'J' } },
    ],
    [
      'replace, complex: the parts given',
      [{ op: 'replace', path: 'name', value: { givenName: 'B' } }],
      { name: { ...start.name, givenName: 'B' } },
    ],
    ['remove, complex', [{ op: 'remove', path: 'name' }], { name: undefined }],
    [
      'add, part of complex',
      [{ op: 'add', path: 'name.middleName', value: 'J' }],
      { name: { ...start.name, middleName: 'J' } },
    ],
    ['remove, part of complex', [{ op: 'remove', path: 'NAME.givenname' }], { name: { familyName: 'Jensen' } }],
    [
      'add, many',
      [{ op: 'add', path: 'emails', value: [{ value: 'x@example.com' }] }],
      { emails: [work, home, { value: 'x@example.com', primary: false }] },
    ],
    [
      'add, many, one that is there',
      [{ op: 'add', path: 'emails', value: [{ value: 'W@example.com' }] }],
      { emails: [{ ...work, value: 'W@example.com' }, home] },
    ],
    [
      'add, many, a new primary one',
      [{ op: 'add', path: 'emails', value: { value: 'x@example.com', primary: true } }],
      { emails: [{ ...work, primary: false }, home, { value: 'x@example.com', primary: true }] },
    ],
    [
      'replace, many',
      [{ op: 'replace', path: 'emails', value: [{ value: 'x@example.com' }] }],
      { emails: [{ value: 'x@example.com', primary: true }] },
    ],
    ['remove, many', [{ op: 'remove', path: 'emails' }], { emails: undefined }],
    [
      'remove, many, by value',
      [{ op: 'remove', path: 'emails', value: [{ value: 'h@example.com' }] }],
      { emails: [work] },
    ],
    [
      'replace, values chosen',
      [{ op: 'replace', path: 'emails[type eq "home"]', value: { value: 'n@example.com', type: 'other' } }],
      { emails: [work, { value: 'n@example.com', type: 'other', primary: false }] },
    ],
    [
      'add, values chosen',
      [{ op: 'add', path: 'emails[type eq "home"]', value: { display: 'H' } }],
      { emails: [work, { ...home, display: 'H' }] },
    ],
    [
      'remove, values chosen',
      [{ op: 'remove', path: 'emails[type eq "home" and value ew ".com"]' }],
      { emails: [work] },
    ],
    ['remove, values chosen, none', [{ op: 'remove', path: 'emails[type eq "other"]' }], { emails: [work, home] }],
    [
      'replace, part of values chosen',
      [{ op: 'replace', path: 'emails[type eq "home"].value', value: 'n@example.com' }],
      { emails: [work, { ...home, value: 'n@example.com' }] },
    ],
    [
      'add, part of values chosen',
      [{ op: 'add', path: 'addresses[type eq "work"].country', value: 'IT' }],
      { addresses: [{ type: 'work', locality: 'Rome', country: 'IT' }] },
    ],
    [
      'remove, part of values chosen',
      [{ op: 'remove', path: 'addresses[type eq "work"].locality' }],
      { addresses: [{ type: 'work' }] },
    ],
    ['remove the value of values chosen', [{ op: 'remove', path: 'emails[type eq "home"].value' }], { emails: [work] }],
    [
      'replace, primary of values chosen',
      [{ op: 'replace', path: 'emails[type eq "home"].primary', value: true }],
      {
        emails: [
          { ...work, primary: false },
          { ...home, primary: true },
        ],
      },
    ],
    [
      'replace, part of all',
      [{ op: 'replace', path: 'emails.type', value: 'x' }],
      {
        emails: [
          { ...work, type: 'x' },
          { ...home, type: 'x' },
        ],
      },
    ],
    [
      'add, in an extension',
      [{ op: 'add', path: `${ENTERPRISE}:division`, value: 'D' }],
      { [ENTERPRISE]: { department: 'Tour', costCenter: '1', division: 'D' } },
    ],
    [
      'remove, in an extension',
      [{ op: 'remove', path: `${ENTERPRISE}:department` }],
      { [ENTERPRISE]: { costCenter: '1' } },
    ],
    [
      'add, an extension',
      [{ op: 'add', path: ENTERPRISE, value: { division: 'D' } }],
      { [ENTERPRISE]: { department: 'Tour', costCenter: '1', division: 'D' } },
    ],
    ['remove, an extension', [{ op: 'remove', path: ENTERPRISE }], { [ENTERPRISE]: undefined }],
    [
      'add, no path',
      [{ op: 'add', value: { nickName: 'B', emails: [{ value: 'x@example.com' }], [ENTERPRISE]: { division: 'D' } } }],
      {
        nickName: 'B',
        emails: [work, home, { value: 'x@example.com', primary: false }],
        [ENTERPRISE]: { department: 'Tour', costCenter: '1', division: 'D' },
      },
    ],
    [
      'replace, no path',
      [
        {
          op: 'replace',
          value: { title: 'Boss', emails: [{ value: 'x@example.com' }], id: 'x', meta: {}, schemas: [] },
        },
      ],
      { title: 'Boss', emails: [{ value: 'x@example.com', primary: true }] },
    ],
    [
      'several in their order',
      [
        { op: 'add', path: 'title', value: 'A' },
        { op: 'remove', path: 'title' },
        { op: 'add', path: 'title', value: 'B' },
      ],
      { title: 'B' },
    ],
  ])('%s', async (_, operations, expected) => {
    const person = await after(...operations);

    for (const [name, value] of Object.entries(expected)) expect([name, person[name]]).toEqual([name, value]);
  });

  it.each<[string, unknown, string, string]>([
    ['no path to remove', [{ op: 'remove' }], 'noTarget', 'Operations[0]'],
    ['no such operation', [{ op: 'move', path: 'title', value: 'x' }], 'invalidSyntax', 'add, remove or replace'],
    ['an unknown attribute', [{ op: 'add', path: 'shoeSize', value: 4 }], 'invalidPath', 'shoeSize'],
    ['an unknown attribute, no path', [{ op: 'add', value: { shoeSize: 4 } }], 'invalidPath', 'shoeSize'],
    ['an unknown schema', [{ op: 'add', path: 'urn:x:User:title', value: 4 }], 'invalidPath', 'urn:x:User:title'],
    ['a path with a mistake', [{ op: 'add', path: 'emails[type eq', value: 'x' }], 'invalidPath', 'position 14'],
    ['read-only: id', [{ op: 'replace', path: 'id', value: 'x' }], 'mutability', 'id'],
    ['read-only: groups', [{ op: 'add', path: 'groups', value: [{ value: 'x' }] }], 'mutability', 'groups'],
    ['read-only: meta.created', [{ op: 'replace', path: 'meta.created', value: 'x' }], 'mutability', 'meta'],
    ['no value', [{ op: 'replace', path: 'title' }], 'invalidValue', 'value'],
    ['a wrong value', [{ op: 'replace', path: 'title', value: 4 }], 'invalidValue', 'title'],
    [
      'an e-mail address that is none',
      [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'x' }],
      'invalidValue',
      'emails',
    ],
    ['what is required', [{ op: 'remove', path: 'userName' }], 'invalidValue', 'userName'],
    [
      'nothing that the filter chooses',
      [{ op: 'replace', path: 'emails[type sw "x"].value', value: 'x@example.com' }],
      'noTarget',
      'emails',
    ],
    ['no operations', [], 'invalidSyntax', 'Operations'],
    ['operations that are none', 'x', 'invalidSyntax', 'Operations'],
    ['an operation that is none', [4], 'invalidSyntax', 'Operations[0]'],
    ['too many', Array.from({ length: 1001 }, () => ({ op: 'remove', path: 'title' })), 'tooMany', '1000'],
  ])('refused and nothing half-applied: %s', async (_, Operations, scimType, named) => {
    const user = await api.aUser(start);
    const first = { op: 'replace', path: 'nickName', value: 'half' };
    const all =
      Array.isArray(Operations) && Operations.length > 0 && Operations.length < 9 ? [...Operations, first] : Operations;
    const reply = await api.call('PATCH', `/Users/${user.id}`, { body: { schemas: [PATCH_OP], Operations: all } });

    expect(reply.body).toMatchObject({ status: '400', scimType });
    expect(reply.body.detail).toContain(named);
    expect((await api.call('GET', `/Users/${user.id}`)).body).toEqual(user);
  });
});

describe('RFC 7644 §3.14: two writers', () => {
  it('with one ETag exactly one wins; the others are told 412', async () => {
    const user = await api.aUser();
    const { version } = user.meta as { version: string };
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        api.call('PATCH', `/Users/${user.id}`, {
          body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: `writer ${n}` }] },
          headers: { 'if-match': version },
        }),
      ),
    );

    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
    const won = replies.find(({ status }) => status === 200);
    expect((await api.call('GET', `/Users/${user.id}`)).body.title).toBe(won?.body.title);
  });

  it('without one, nobody’s change is lost', async () => {
    const user = await api.aUser();
    const names = Array.from({ length: 6 }, (_, n) => `${uniqueName(`n${n}`)}@example.com`);
    const replies = await Promise.all(
      names.map((value) => api.patch(`/Users/${user.id}`, { op: 'add', path: 'emails', value: [{ value }] })),
    );

    expect(replies.map(({ status }) => status)).toEqual(names.map(() => 200));
    const { emails } = (await api.call('GET', `/Users/${user.id}`)).body as { emails: { value: string }[] };
    expect(emails.map(({ value }) => value).sort()).toEqual([...names].sort());
  });
});
