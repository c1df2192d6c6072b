import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { matches } from '../../../src/domain/directory-filter/matches.ts';
import { parseFilter } from '../../../src/domain/directory-filter/parse-filter.ts';
import { listUserAttributes } from '../../../src/domain/user-attributes/user-attribute.ts';
import { userShapeFor } from '../../../src/domain/users/custom-schema.ts';
import { aScimApi, type Body, ENTERPRISE, query, resourcesOf, type ScimApi, USER } from './scim-api.ts';

jest.setTimeout(120_000);

const CUSTOM = 'urn:doorward:params:scim:schemas:extension:custom:2.0:User';
const PEOPLE = 60;
let api: ScimApi;
let people: readonly Body[];
let isMet: (filter: string, person: Body) => boolean;

/** The same few words everywhere, so that filters meet some and not others. */
const WORDS = [
  'a',
  'A',
  'ab',
  'Ab b',
  'b_',
  'b%',
  'straße',
  'STRASSE',
  'é',
  '\u{10ffff}',
  '\\',
  '"x"',
  'z\ud7ff',
  '10',
];
const word = fc.constantFrom(...WORDS);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const valued = fc.record({ value: word, type: fc.constantFrom('work', 'home') }, { requiredKeys: ['value'] });

const person = fc.record({
  displayName: maybe(word),
  title: maybe(word),
  nickName: maybe(word),
  active: fc.boolean(),
  name: maybe(fc.record({ familyName: word, givenName: word }, { requiredKeys: [] })),
  emails: fc.uniqueArray(
    fc.record({
      value: fc.constantFrom('a@x.example', 'B@x.example', 'c@y.example'),
      type: fc.constantFrom('work', 'home'),
    }),
    { selector: ({ value }) => value, maxLength: 3 },
  ),
  phoneNumbers: fc.uniqueArray(valued, { selector: ({ value }) => value, maxLength: 2 }),
  [ENTERPRISE]: maybe(fc.record({ department: word, costCenter: word }, { requiredKeys: [] })),
  [CUSTOM]: maybe(
    fc.record(
      {
        rank: fc.integer({ min: 1, max: 5 }),
        ratio: fc.constantFrom(0.5, 1, 1.5),
        site: word,
        onSite: fc.boolean(),
        skills: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
  ),
});

const quoted = word.map((text) => JSON.stringify(text));
const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
const TEXTS = [
  ...[
    'userName',
    'displayName',
    'title',
    'nickName',
    'externalId',
    'name.familyName',
    'name.givenName',
    'emails',
    'emails.value',
  ],
  ...[
    'emails.type',
    'phoneNumbers.value',
    'groups.display',
    'groups.value',
    'roles',
    'roles.value',
    'id',
    'meta.version',
  ],
  ...[`${ENTERPRISE}:department`, `${ENTERPRISE}:costCenter`, `${CUSTOM}:site`, `${CUSTOM}:skills`],
];
const ordered = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le');

const condition: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...TEXTS), operator, quoted).map((parts) => parts.join(' ')) },
  fc
    .tuple(fc.constantFrom(...TEXTS, 'name', 'phoneNumbers', `${CUSTOM}:rank`, 'groups'), fc.constant('pr'))
    .map((parts) => parts.join(' ')),
  fc
    .tuple(fc.constantFrom(`${CUSTOM}:rank`, `${CUSTOM}:ratio`), ordered, fc.constantFrom('1', '2.5', '4'))
    .map((parts) => parts.join(' ')),
  fc
    .tuple(fc.constantFrom('active', `${CUSTOM}:onSite`), fc.constantFrom('eq', 'ne'), fc.constantFrom('true', 'false'))
    .map((parts) => parts.join(' ')),
  fc
    .tuple(fc.constantFrom('displayName', 'title', `${CUSTOM}:rank`), fc.constantFrom('eq null', 'ne null'))
    .map((parts) => parts.join(' ')),
  fc
    .tuple(operator, quoted, fc.boolean())
    .map(([is, text, primary]) => `emails[value ${is} ${text} and primary eq ${primary}]`),
  fc.tuple(operator, quoted).map(([is, text]) => `phoneNumbers[type eq "work" or value ${is} ${text}]`),
  fc.tuple(operator, quoted).map(([is, text]) => `roles[not (value ${is} ${text})]`),
);

const filters = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    condition,
    tie('filter').map((one) => `not (${one})`),
    fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map(([a, is, b]) => `(${a}) ${is} (${b})`),
  ),
})).filter;

beforeAll(async () => {
  api = await aScimApi();
  for (const [name, schema, more] of [
    ['rank', { type: 'integer' }, {}],
    ['ratio', { type: 'number' }, { searchable: true }],
    ['site', { type: 'string' }, { searchable: true }],
    ['onSite', { type: 'boolean' }, {}],
    ['skills', { type: 'array', items: { type: 'string' } }, {}],
  ] as const)
    await api.admin.post('/user-attributes', { name, schema, ...more });
  const ids = await somePeople();
  await someRoles(ids);
  const shape = userShapeFor(await listUserAttributes(api.server.foundation.read), {
    reading: 'admin',
    writing: 'provisioning',
  });
  isMet = (filter, resource) => matches(parseFilter(filter, shape), resource);
  people = resourcesOf(await api.call('GET', `/Users${query({ count: 500, attributes: everything(shape) })}`));
});

afterAll(() => api.close());

/** `roles` are shown to those who ask for them; then the others are named too. */
const everything = ({ schema, extensions }: ReturnType<typeof userShapeFor>): string =>
  [...schema.attributes.map(({ name }) => name), ...extensions.map(({ id }) => id), 'meta', 'externalId'].join(',');

async function somePeople(): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const [index, one] of fc.sample(person, { numRuns: PEOPLE, seed: 4711 }).entries()) {
    const externalId = index % 3 === 0 ? {} : { externalId: WORDS[index % WORDS.length] };
    const { id } = await api.aUser({
      ...JSON.parse(JSON.stringify(one)),
      schemas: [USER, ENTERPRISE, CUSTOM],
      ...externalId,
    });
    ids.push(String(id));
  }
  return ids;
}

/** Roles held directly, by a group, by a group around it, by inheritance, and not any more or not yet. */
async function someRoles(ids: readonly string[]): Promise<void> {
  const some = (every: number) => ids.filter((_, index) => index % every === 0).map((value) => ({ value }));
  const inner = await api.aGroup({ displayName: 'ab', members: some(4) });
  const outer = await api.aGroup({
    displayName: 'b_ outer',
    members: [...some(7), { value: inner.id, type: 'Group' }],
  });
  const role = (name: string, inherits: readonly string[] = []) => api.admin.post('/roles', { name, inherits });
  const [low, high] = [await role('a'), await role('Ab', ['a'])];
  const [past, future] = [await role('z'), await role('b%')];
  const give = (body: Body) => api.admin.post('/role-assignments', body as never);
  await give({ roleId: high.id, groupId: outer.id });
  for (const { value } of some(5)) await give({ roleId: low.id, userId: value });
  await give({ roleId: past.id, userId: ids[1], endsAt: '2020-01-01T00:00:00Z', startsAt: '2019-01-01T00:00:00Z' });
  await give({ roleId: future.id, groupId: inner.id, startsAt: '2999-01-01T00:00:00Z' });
}

const listed = async (filter: string) => {
  const { status, body, text } = await api.call('POST', '/Users/.search', {
    body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter, count: 500, attributes: ['id'] },
  });
  if (status !== 200) throw new Error(`${filter}: ${status} ${text}`);
  return (body.Resources as Body[]).map(({ id }) => id);
};

describe('RFC 7644 §3.4.2.2: the database and the evaluator in memory answer every filter alike', () => {
  it('of roles: whoever has one by whatever way, now', async () => {
    const holders = (name: string) =>
      people
        .filter(({ roles }) => (roles as Body[] | undefined)?.some(({ value }) => value === name))
        .map(({ id }) => id);

    for (const name of ['a', 'Ab', 'z', 'b%']) expect(await listed(`roles eq "${name}"`)).toEqual(holders(name));
    expect(holders('a').length).toBeGreaterThan(holders('Ab').length);
    expect([holders('Ab').length > 0, holders('z'), holders('b%')]).toEqual([true, [], []]);
  });

  it('of generated filters over generated people', async () => {
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const expected = people.filter((one) => isMet(filter, one)).map(({ id }) => id);
        expect(await listed(filter)).toEqual(expected);
      }),
      { numRuns: 300, seed: 20261126 },
    );
  });
});
