import { describe, expect, it } from '@jest/globals';
import type { JsonSchema } from '../../../views/api-reference/openapi.ts';
import { operationsByTag } from '../../../views/api-reference/openapi.ts';
import { schemaFields, typeName } from '../../../views/api-reference/schema-fields.ts';
import { exampleDocument } from './example-document.ts';

describe('API reference', () => {
  const document = exampleDocument((sample) => sample);

  it('groups operations by tag, with their permissions from `security` and resolved parameters', () => {
    const groups = operationsByTag(document);

    expect([...groups.keys()]).toEqual(['Users', '']);
    expect(groups.get('Users')?.map(({ method, path, permissions }) => [method, path, permissions])).toEqual([
      ['get', '/users', ['users:read']],
      ['post', '/users', ['users:write']],
      ['delete', '/users/{id}', ['users:write']],
    ]);
    expect(groups.get('Users')?.[0]?.parameters.map(({ name }) => name)).toEqual(['cursor', 'userName']);
  });

  it('names nested fields by their path and stops where a schema contains itself', () => {
    const fields = schemaFields(document.components?.schemas, { $ref: '#/components/schemas/UserList' });

    expect(fields.map(({ name }) => name)).toEqual([
      'resources',
      'resources[].userName',
      'resources[].active',
      'resources[].state',
      'resources[].emails',
      'resources[].emails[].value',
      'resources[].manager',
      'nextCursor',
    ]);
    expect(fields.find(({ name }) => name === 'resources[].userName')?.isRequired).toBe(true);
  });

  it('merges allOf', () => {
    const schemas = { Base: { properties: { id: { type: 'string' } }, required: ['id'] } };
    const fields = schemaFields(schemas, {
      allOf: [{ $ref: '#/components/schemas/Base' }],
      properties: { name: { type: 'string' } },
    });

    expect(fields.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['id', true],
      ['name', false],
    ]);
  });

  it.each<[JsonSchema, string]>([
    [{ type: 'string', format: 'date-time' }, 'string (date-time)'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ type: 'array', items: { $ref: '#/components/schemas/User' } }, 'list of User'],
    [{ enum: ['next', 'active'] }, 'next | active'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{}, 'any'],
  ])('%j reads %s', (schema, words) => {
    expect(typeName(schema)).toBe(words);
  });

  it.each<[string, Record<string, JsonSchema>]>([
    ['a list of itself', { Loop: { items: { $ref: '#/components/schemas/Loop' } } }],
    ['an alternative of itself', { Loop: { anyOf: [{ $ref: '#/components/schemas/Loop' }] } }],
    ['nothing', {}],
  ])('a schema that is %s ends', (_, schemas) => {
    expect(schemaFields(schemas, { $ref: '#/components/schemas/Loop' })).toEqual([]);
  });
});
