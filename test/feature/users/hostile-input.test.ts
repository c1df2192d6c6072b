import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ENTERPRISE } from '../../../src/domain/users/enterprise-input.ts';
import { aPeopleApi, type PeopleApi } from '../admin/people-api.ts';

let api: PeopleApi;
let id: string;

beforeAll(async () => {
  api = await aPeopleApi();
  id = await api.aUser();
});

afterAll(() => api.close());

const attributes = [
  'userName',
  'externalId',
  'active',
  'name',
  'displayName',
  'nickName',
  'profileUrl',
  'title',
  'userType',
  'gender',
  'preferredLanguage',
  'locale',
  'timezone',
  'birthdate',
  'website',
  'emails',
  'phoneNumbers',
  'addresses',
  'photos',
  'ims',
  'entitlements',
  'x509Certificates',
  ENTERPRISE,
  'password',
  'passwordHash',
];

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    '\u202e',
    '\ufdfa'.repeat(300),
    "'; DROP TABLE users; --",
    'a@b.example',
    '%',
    '_',
    '\\',
  ),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.double(),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(
    fc.oneof(
      fc.constantFrom(
        'value',
        'type',
        'primary',
        'verified',
        'familyName',
        'formatted',
        'manager',
        'department',
        '__proto__',
      ),
      text,
    ),
    tie('value'),
    { maxKeys: 4 },
  ),
})).value;

const settings = { numRuns: 150, seed: 20260301 };

describe('SECURITY-LESSONS 37: bad input is never our fault and never half stored', () => {
  it('any JSON in any attribute is taken or refused with 4xx', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...attributes), json, { minKeys: 1, maxKeys: 3 }),
        async (body) => {
          const patched = await api.call('PATCH', `/users/${id}`, { body });
          const created = await api.call('POST', '/users', { body: { userName: `f${Math.random()}`, ...body } });

          expect([200, 400, 409, 422]).toContain(patched.status);
          expect([201, 400, 409, 422]).toContain(created.status);
        },
      ),
      settings,
    );
  });

  it('any text that is taken comes back as it was sent', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (displayName) => {
        const reply = await api.call('PATCH', `/users/${id}`, { body: { displayName } });

        if (reply.status !== 422) expect([reply.status, reply.body.displayName]).toEqual([200, displayName]);
      }),
      settings,
    );
  });

  it('any search value finds nothing or something, and opens nothing', async () => {
    const names = [
      'userName',
      'externalId',
      'displayName',
      'familyName',
      'givenName',
      'email',
      'cursor',
      'limit',
      'active',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), text, async (name, value) => {
        const query = new URLSearchParams({ [name]: value.toWellFormed() });
        const reply = await api.call('GET', `/users?${query}`);

        expect([200, 400, 422]).toContain(reply.status);
      }),
      settings,
    );
  });
});
