import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '../../support/admin-api.ts';
import { aScimApi, type Body, ENTERPRISE, PATCH_OP, query, resourcesOf, type ScimApi, USER } from './scim-api.ts';

jest.setTimeout(60_000);

const CUSTOM = 'urn:doorward:params:scim:schemas:extension:custom:2.0:User';
let api: ScimApi;

const definitions: readonly Json[] = [
  { name: 'badge', schema: { type: 'string', maxLength: 64 }, searchable: true, unique: true },
  { name: 'floor', schema: { type: 'integer' } },
  { name: 'ratio', schema: { type: 'number' }, searchable: true },
  { name: 'onSite', schema: { type: 'boolean' } },
  { name: 'shoe', schema: { type: 'string', enum: ['S', 'M', 'L'] } },
  { name: 'skills', schema: { type: 'array', items: { type: 'string' } } },
  { name: 'since', schema: { type: 'string', format: 'date' }, mutability: 'immutable' },
  { name: 'grade', schema: { type: 'string' }, writableBy: ['admin'] },
  { name: 'secretNote', schema: { type: 'string' }, readableBy: [], writableBy: ['admin', 'provisioning'] },
  { name: 'internal', schema: { type: 'string' }, readableBy: ['self'], writableBy: ['admin'] },
];

beforeAll(async () => {
  api = await aScimApi();
  for (const definition of definitions) await api.admin.post('/user-attributes', definition);
});
afterAll(() => api.close());

const everything = {
  floor: 3,
  ratio: 0.5,
  onSite: true,
  shoe: 'M',
  skills: ['TypeScript', 'SQL'],
  since: '2026-01-31',
};
const customOf = ({ body }: { readonly body: Body }) => body[CUSTOM] as Body | undefined;
const found = async (filter: string) =>
  resourcesOf(await api.call('GET', `/Users${query({ filter })}`)).map(({ id }) => id);

describe('RFC 7643 §3.3, §7: operator-defined attributes are an extension of people', () => {
  it('Schemas and ResourceTypes tell what is there, for whom, and what may be written', async () => {
    const { body } = await api.call('GET', `/Schemas/${CUSTOM}`);
    const type = await api.call('GET', '/ResourceTypes/User');
    const by = new Map((body.attributes as Body[]).map((attribute) => [attribute.name, attribute]));

    expect(type.body.schemaExtensions).toContainEqual({ schema: CUSTOM, required: false });
    expect([...by.keys()].sort()).toEqual(
      ['badge', 'floor', 'grade', 'onSite', 'ratio', 'secretNote', 'shoe', 'since', 'skills'].sort(),
    );
    expect(by.get('badge')).toMatchObject({ type: 'string', uniqueness: 'server', mutability: 'readWrite' });
    expect(by.get('floor')).toMatchObject({ type: 'integer' });
    expect(by.get('ratio')).toMatchObject({ type: 'decimal' });
    expect(by.get('shoe')).toMatchObject({ canonicalValues: ['S', 'M', 'L'] });
    expect(by.get('skills')).toMatchObject({ multiValued: true });
    expect(by.get('since')).toMatchObject({ mutability: 'immutable' });
    expect(by.get('grade')).toMatchObject({ mutability: 'readOnly' });
    expect(by.get('secretNote')).toMatchObject({ mutability: 'writeOnly', returned: 'never' });
  });

  it('they are created, shown, selected, patched by every form of path, and removed', async () => {
    const person = await api.aUser({ schemas: [USER, CUSTOM], [CUSTOM]: { ...everything, secretNote: 'hidden' } });
    const path = `/Users/${person.id}`;

    const shown = await api.call('GET', path);
    const some = await api.call('GET', `${path}?attributes=${CUSTOM}:floor`);
    const without = await api.call('GET', `${path}?excludedAttributes=${CUSTOM}`);
    await api.patch(path, { op: 'replace', path: `${CUSTOM}:floor`, value: 4 });
    await api.patch(path, { op: 'add', path: `${CUSTOM}:skills`, value: ['Rust'] });
    await api.patch(path, { op: 'replace', value: { [`${CUSTOM}:shoe`]: 'L', [CUSTOM]: { ratio: 0.75 } } });
    await api.patch(path, { op: 'remove', path: `${CUSTOM}:onSite` });
    const patched = await api.call('GET', path);

    expect(shown.body.schemas).toContain(CUSTOM);
    expect(customOf(shown)).toEqual(everything);
    expect(some.body).toMatchObject({ [CUSTOM]: { floor: 3 } });
    expect(without.body).not.toHaveProperty(CUSTOM);
    expect(customOf(patched)).toEqual({
      floor: 4,
      ratio: 0.75,
      shoe: 'L',
      skills: ['TypeScript', 'SQL', 'Rust'],
      since: '2026-01-31',
    });
    const known = await api.admin.get(`/users/${person.id}`);
    expect(JSON.stringify(shown.body)).not.toContain('hidden');
    expect(known[CUSTOM]).toMatchObject({ floor: 4 });
  });

  it('PUT without the extension leaves it alone, with it replaces what this door may write', async () => {
    const person = await api.aUser({ schemas: [USER, CUSTOM], [CUSTOM]: { ...everything, badge: 'put-1' } });
    await api.admin.patch(`/users/${person.id}`, { [CUSTOM]: { grade: 'A' } });
    const { userName } = person;
    const put = (body: Body) =>
      api.call('PUT', `/Users/${person.id}`, { body: { schemas: [USER], userName, ...body } });

    const untouched = await put({ title: 'Lead' });
    const replaced = await put({ [CUSTOM]: { floor: 9, since: '2026-01-31', grade: 'Z' } });

    expect(customOf(untouched)).toEqual({ ...everything, badge: 'put-1', grade: 'A' });
    expect(customOf(replaced)).toEqual({ floor: 9, since: '2026-01-31', grade: 'A' });
  });

  it.each<[string, Body, number, string]>([
    ['another type', { op: 'replace', path: `${CUSTOM}:floor`, value: 'three' }, 400, 'invalidValue'],
    ['not one of the values', { op: 'replace', path: `${CUSTOM}:shoe`, value: 'XXL' }, 400, 'invalidValue'],
    ['no date', { op: 'replace', path: `${CUSTOM}:since`, value: '31.1.2026' }, 400, 'invalidValue'],
    ['an unknown name', { op: 'replace', path: `${CUSTOM}:nothing`, value: 1 }, 400, 'invalidPath'],
    ['one this door may not write', { op: 'replace', path: `${CUSTOM}:grade`, value: 'A' }, 400, 'mutability'],
    ['one it may not even see', { op: 'replace', path: `${CUSTOM}:internal`, value: 'x' }, 400, 'invalidPath'],
    ['a prototype', { op: 'replace', path: `${CUSTOM}:__proto__`, value: 'x' }, 400, 'invalidPath'],
  ])('SECURITY-LESSONS 17: %s is refused by name, and nothing is changed', async (_, operation, status, scimType) => {
    const person = await api.aUser();

    const reply = await api.patch(`/Users/${person.id}`, operation);

    expect(reply).toMatchObject({ status, body: { scimType } });
    expect((await api.call('GET', `/Users/${person.id}`)).body.meta).toEqual(person.meta);
  });

  it('what is set once does not change, and what is unique is not there twice', async () => {
    const badge = `badge-${process.pid}`;
    const one = await api.aUser({ [CUSTOM]: { badge, since: '2026-01-01' } });

    const changed = await api.patch(`/Users/${one.id}`, {
      op: 'replace',
      path: `${CUSTOM}:since`,
      value: '2026-01-02',
    });
    const twice = await api.call('POST', '/Users', {
      body: { schemas: [USER], userName: `twice-${badge}`, [CUSTOM]: { badge: badge.toUpperCase() } },
    });

    expect(changed).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
    expect(twice).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
  });

  it('filters and order know them, by the index where there is one', async () => {
    const badge = `Find-${process.pid}`;
    const { id } = await api.aUser({ [CUSTOM]: { badge, floor: 41, ratio: 2.25, onSite: false, skills: ['Prolog'] } });
    await api.aUser({ [CUSTOM]: { badge: `other-${badge}`, floor: 40, ratio: 2.5, onSite: true, skills: ['Lisp'] } });
    const only = `${CUSTOM}:badge eq "${badge.toLowerCase()}"`;

    for (const filter of [
      only,
      `${CUSTOM}:badge sw "${badge}"`,
      `${CUSTOM}:floor gt 40`,
      `${CUSTOM}:floor eq 41`,
      `${CUSTOM}:ratio eq 2.25`,
      `${CUSTOM}:ratio lt 2.5 and ${CUSTOM}:ratio ge 2`,
      `${CUSTOM}:onSite eq false`,
      `${CUSTOM}:skills eq "prolog"`,
      `${CUSTOM}:skills co "rolo"`,
      `${only} and ${CUSTOM}:skills pr and not (${CUSTOM}:shoe pr)`,
      `${only} and ${CUSTOM}:shoe ne "L"`,
    ])
      expect([filter, await found(filter)]).toEqual([filter, [id]]);
    const sorted = await api.call(
      'GET',
      `/Users${query({ filter: `${CUSTOM}:floor ge 40`, sortBy: `${CUSTOM}:floor`, sortOrder: 'descending' })}`,
    );
    expect(resourcesOf(sorted).map((one) => (one[CUSTOM] as Body).floor)).toEqual([41, 40]);
    for (const hidden of ['secretNote', 'internal'])
      expect(await api.call('GET', `/Users${query({ filter: `${CUSTOM}:${hidden} pr` })}`)).toMatchObject({
        status: 400,
        body: { scimType: 'invalidFilter' },
      });
  });

  it('a definition that comes or goes is there, or gone, with the next request', async () => {
    const { id, version: _ } = await api.admin.post('/user-attributes', {
      name: 'shortLived',
      schema: { type: 'string' },
    });
    const names = async () =>
      ((await api.call('GET', `/Schemas/${CUSTOM}`)).body.attributes as Body[]).map(({ name }) => name);

    const before = await names();
    await api.admin.delete(`/user-attributes/${id}`);

    expect(before).toContain('shortLived');
    expect(await names()).not.toContain('shortLived');
  });

  it('a dry run and a bulk request know them as well', async () => {
    const dry = await api.call('POST', '/Users?dryRun=true', {
      body: { schemas: [USER], userName: 'dry-custom', [CUSTOM]: { floor: 1 }, [ENTERPRISE]: { department: 'x' } },
    });
    const bulk = await api.call('POST', '/Bulk', {
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: [
          {
            method: 'POST',
            path: '/Users',
            bulkId: 'a',
            data: { schemas: [USER], userName: 'bulk-custom', [CUSTOM]: { floor: 2 } },
          },
          {
            method: 'PATCH',
            path: '/Users/bulkId:a',
            data: { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: `${CUSTOM}:floor`, value: 77 }] },
          },
        ],
      },
    });

    expect(dry.body).toMatchObject({ status: 201, response: { [CUSTOM]: { floor: 1 } } });
    expect(bulk.body).toMatchObject({ Operations: [{ status: '201' }, { status: '200' }] });
    expect(await found(`${CUSTOM}:floor eq 77`)).toHaveLength(1);
  });
});
