import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aScimApi, query, type ScimApi } from './scim-api.ts';

const PEOPLE = 86_000;
const EARLY = 21_000;
const numbers = Array.from({ length: PEOPLE }, (_, n) => n);
const idOf = (n: number) => `f0000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
let api: ScimApi;

beforeAll(async () => {
  api = await aScimApi();
  const { dataSource } = api.server.foundation;
  await dataSource.query(
    `INSERT INTO users (id, user_name, user_name_key, external_id, display_name, display_name_key, status, created_at, updated_at)
     SELECT ('f0000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, name, name, 'long', name, name,
       CASE WHEN n % 7 = 0 THEN 'inactive' ELSE 'active' END, now(), now()
     FROM (SELECT n, CASE WHEN n < $2::int THEN 'long-early-' ELSE 'long-late-' END || n AS name
       FROM generate_series(0, $1::int - 1) AS n) AS people`,
    [PEOPLE, EARLY],
  );
  await dataSource.query(
    `INSERT INTO user_emails (user_id, position, value, value_key, is_primary, is_verified)
     SELECT id, position, position || user_name, position || user_name, position = 0, true
     FROM users, generate_series(0, 1) AS position WHERE external_id = 'long'`,
  );
}, 120_000);

afterAll(() => api.close());

const nameOf = (n: number) => `${n < EARLY ? 'long-early-' : 'long-late-'}${n}`;

/** The filter, and who meets it. */
const lists: readonly (readonly [string, string, (n: number) => boolean])[] = [
  ['of a few', 'userName sw "long-late-777"', (n) => nameOf(n).startsWith('long-late-777')],
  ['of a few, anywhere in the text', 'userName co "te-777"', (n) => nameOf(n).includes('te-777')],
  ['of most', 'externalId eq "long"', () => true],
  ['of most, who are active', 'externalId eq "long" and active eq true', (n) => n % 7 !== 0],
  ['of many who come late', 'userName sw "long-late"', (n) => n >= EARLY],
  ['of many who come early', 'displayName sw "LONG-EARLY"', (n) => n < EARLY],
  ['of most by one of many values', 'emails.value co "long-"', () => true],
  ['of many who come late by one of many values', 'emails[value co "long-late"]', (n) => n >= EARLY],
  [
    'of a few by one of many values',
    'emails.value sw "0long-early-1234"',
    (n) => nameOf(n).startsWith('long-early-1234'),
  ],
];

describe('RFC 7644 §3.4.2.4: the pages of a long list are the list, wherever they are and however it is found', () => {
  it.each(lists)('%s', async (_, filter, isMet) => {
    const all = numbers.filter(isMet);
    const last = Math.floor((all.length - 1) / 50) * 50;
    const offsets = [0, 50, Math.floor(all.length / 2), last, all.length - 1, all.length, all.length + 7];
    for (const offset of offsets) {
      const page = query({ filter, startIndex: offset + 1, count: 50, attributes: 'userName' });
      const { status, body } = await api.call('GET', `/Users${page}`);

      expect([status, body.totalResults]).toEqual([200, all.length]);
      expect(body.Resources).toMatchObject(all.slice(offset, offset + 50).map((n) => ({ id: idOf(n) })));
      expect((body.Resources as unknown[]).length).toBe(Math.max(0, Math.min(50, all.length - offset)));
    }
  });

  it.each(lists)('%s, ordered by userName, descending', async (_, filter, isMet) => {
    const names = numbers.filter(isMet).map(nameOf).toSorted().toReversed();
    for (const offset of [0, Math.floor(names.length / 2), Math.max(0, names.length - 50)]) {
      const page = query({ filter, sortBy: 'userName', sortOrder: 'descending', startIndex: offset + 1, count: 50 });
      const { body } = await api.call('GET', `/Users${page}`);

      expect(body.totalResults).toBe(names.length);
      expect((body.Resources as { userName: string }[]).map(({ userName }) => userName)).toEqual(
        names.slice(offset, offset + 50),
      );
    }
  });

  it.each([
    ['active eq true', true],
    ['active ne false', true],
    ['active eq false', false],
    ['active ne true', false],
  ])('%s, with nothing else asked', async (filter, isActive) => {
    const totalOf = async (asked: string) =>
      (await api.call('GET', `/Users${query({ filter: asked, count: 0 })}`)).body.totalResults as number;
    const others = await totalOf(`not (externalId eq "long") and active eq ${isActive}`);
    const all = numbers.filter((n) => (n % 7 !== 0) === isActive);
    const total = others + all.length;
    const asked = { filter, startIndex: total - 49, count: 50, attributes: 'active' };

    const { body } = await api.call('GET', `/Users${query(asked)}`);

    expect([await totalOf(filter), body.totalResults]).toEqual([total, total]);
    // Their ids are the last ones.
    expect(body.Resources).toMatchObject(all.slice(-50).map((n) => ({ id: idOf(n), active: isActive })));
  });
});
