import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { groupInput } from '../../../src/domain/groups/group-input.ts';
import { userInput } from '../../../src/domain/users/user-input.ts';
import { aPeopleApi, type Body, caller, faults, type PeopleApi } from './people-api.ts';

let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi();
});

afterAll(() => api.close());

const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** What people have tried elsewhere, beside the names of our own columns. */
const WISHES = [
  'isAdmin',
  'admin',
  'role',
  'roles',
  'groups',
  'permissions',
  'scope',
  'emailVerified',
  'email_verified',
  'email',
  'verified',
  'mfa',
  'meta',
  'schemas',
  'organizationId',
  'tenant',
  'enabled',
  'locked',
  'createdBy',
  'hash',
  'password_hash',
  'sub',
  'username',
  '_id',
  '$set',
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  '',
];

async function columns(...tables: string[]): Promise<string[]> {
  const rows = await api.read.query<{ name: string }>(
    'SELECT DISTINCT column_name AS name FROM information_schema.columns WHERE table_name = ANY($1::text[])',
    [tables],
  );
  return [...new Set([...rows.flatMap(({ name }) => [name, camelCase(name)]), ...WISHES])];
}

/** JSON text, because an object literal cannot have its own member called __proto__. */
const withMember = (body: Body, name: string, value: unknown) =>
  `${JSON.stringify(body).slice(0, -1)}${Object.keys(body).length > 0 ? ',' : ''}${JSON.stringify(name)}:${JSON.stringify(value)}}`;
const pointer = (...path: (string | number)[]) =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const tables = ['users', 'user_emails', 'password_credentials', 'one_time_links', 'group_members', 'role_assignments'];
const VALUES = [true, 'x', 1, { a: 1 }];

describe('SECURITY-LESSONS 17: no mass assignment; every other name is refused with its pointer', () => {
  it('people: no column and no wish can be set at the top, by an administrator or a helper', async () => {
    const id = await api.aUser();
    const before = (await api.call('GET', `/users/${id}`)).text;
    const allowed = [...Object.keys(userInput.shape), 'password', 'passwordHash'];
    const helper = api.tokenFor(['users:write'], { type: 'user', id });
    for (const [index, name] of (await columns(...tables)).filter((name) => !allowed.includes(name)).entries()) {
      const value = VALUES[index % VALUES.length];
      const headers = { 'content-type': 'application/json' };
      const replies = await Promise.all([
        api.call('POST', '/users', { headers, body: withMember({ userName: 'mass' }, name, value) }),
        api.call('PATCH', `/users/${id}`, { headers, body: withMember({}, name, value) }),
        api.call('PATCH', `/users/${id}`, { headers, token: helper, body: withMember({ title: 'x' }, name, value) }),
      ]);

      expect([name, replies.map(({ status }) => status)]).toEqual([name, [422, 422, 422]]);
      expect([name, ...replies.map(faults)]).toEqual([name, ...replies.map(() => [pointer(name)])]);
    }
    expect((await api.call('GET', `/users/${id}`)).text).toBe(before);
    expect(await api.read.query(`SELECT 1 FROM users WHERE user_name_key = 'mass'`)).toEqual([]);
  });

  it('people: nor inside their parts', async () => {
    const parts = {
      name: ['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'],
      emails: ['value', 'display', 'type', 'primary', 'verified'],
      phoneNumbers: ['value', 'display', 'type', 'primary', 'verified'],
      addresses: ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country', 'type', 'primary'],
      photos: ['value', 'display', 'type', 'primary'],
    } as const;
    const example = { emails: 'a@b.example', phoneNumbers: '1', photos: 'https://a.example/p.png' };
    const id = await api.aUser();
    for (const [part, allowed] of Object.entries(parts)) {
      const names = (await columns(...tables)).filter((name) => !allowed.some((known) => known === name));
      const value = Object.entries(example).find(([name]) => name === part)?.[1];
      const refused = await Promise.all(
        names.map(async (name) => {
          const member = withMember(value === undefined ? {} : { value }, name, true);
          const body = part === 'name' ? `{"name":${member}}` : `{"${part}":[${member}]}`;
          const reply = await api.call('PATCH', `/users/${id}`, {
            body,
            headers: { 'content-type': 'application/json' },
          });
          return [name, reply.status, ...faults(reply)];
        }),
      );

      const place = part === 'name' ? [part] : [part, 0];
      expect(refused).toEqual(names.map((name) => [name, 422, pointer(...place, name)]));
    }
  });

  it('groups: no column and no wish can be set', async () => {
    const group = await api.call('POST', '/groups', { body: { displayName: 'Unmoved' } });
    const headers = { 'content-type': 'application/json' };
    for (const name of await columns('groups', 'group_members', 'role_assignments')) {
      if (Object.hasOwn(groupInput.shape, name)) continue;
      const replies = await Promise.all([
        api.call('POST', '/groups', { headers, body: withMember({ displayName: 'Mass' }, name, 'x') }),
        api.call('PATCH', `/groups/${group.body.id}`, { headers, body: withMember({}, name, 'x') }),
      ]);

      expect([name, ...replies.map(({ status }) => status)]).toEqual([name, 422, 422]);
      expect([name, ...replies.map(faults)]).toEqual([name, [pointer(name)], [pointer(name)]]);
    }
    expect((await api.call('GET', `/groups/${group.body.id}`)).body).toEqual(group.body);
  });

  it('what is answered holds the attributes of the description alone (SECURITY-LESSONS 39)', async () => {
    const reply = await api.call('POST', '/users', {
      body: { userName: 'seen', password: 'seven otters keep the ledger' },
    });
    const shown = [...Object.keys(userInput.shape), 'id', 'version', 'createdAt', 'updatedAt', 'accessValidFrom'];

    expect(Object.keys(reply.body).filter((name) => !shown.includes(name))).toEqual([]);
    expect(await api.auditOf(reply)).toMatchObject([{ actorId: caller.id }, { actorId: caller.id }]);
  });
});
