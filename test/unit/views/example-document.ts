import type { OpenApiDocument } from '../../../views/api-reference/openapi.ts';

/** A small OpenAPI document with what the reference page must cope with: references, nesting, cycles, lists, unions. */
export function exampleDocument(t: (sample: string) => string): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: { title: t('Doorward admin API'), version: t('1.0.0'), description: t('Manage people, clients and roles.') },
    tags: [{ name: t('Users'), description: t('Who exists.') }],
    paths: {
      [t('/users')]: {
        get: {
          summary: t('Search users'),
          tags: [t('Users')],
          security: [{ oauth2: [t('users:read')] }],
          parameters: [
            { $ref: '#/components/parameters/cursor' },
            { name: t('userName'), in: 'query', description: t('Exact match.'), schema: { type: 'string' } },
          ],
          responses: {
            '200': {
              description: t('A page of users.'),
              content: { 'application/json': { schema: { $ref: '#/components/schemas/UserList' } } },
            },
            '403': { description: t('The permission is missing.') },
          },
        },
        post: {
          summary: t('Create a user'),
          description: t('Only userName is required.'),
          tags: [t('Users')],
          security: [{ oauth2: [t('users:write')] }],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } },
          },
          responses: { '201': { description: t('Created.') } },
        },
      },
      [t('/users/{id}')]: {
        delete: {
          summary: t('Delete a user'),
          tags: [t('Users')],
          security: [{ oauth2: [t('users:write')] }],
          parameters: [{ name: t('id'), in: 'path', required: true, schema: { type: 'string', format: t('uuid') } }],
          responses: { '204': { description: t('Gone.') } },
        },
      },
      [t('/status')]: { get: { summary: t('Status'), responses: { '200': { description: t('Fine.') } } } },
    },
    components: {
      parameters: {
        cursor: {
          name: t('cursor'),
          in: 'query',
          description: t('Where the last page ended.'),
          schema: { type: 'string' },
        },
      },
      schemas: {
        UserList: {
          type: 'object',
          required: ['resources'],
          properties: {
            resources: { type: 'array', items: { $ref: '#/components/schemas/User' } },
            [t('nextCursor')]: { anyOf: [{ type: 'string' }, { type: 'null' }] },
          },
        },
        User: {
          type: 'object',
          required: ['userName'],
          properties: {
            userName: { type: 'string', description: t('Unique.') },
            active: { type: 'boolean' },
            [t('state')]: { enum: [t('active'), t('disabled')] },
            emails: {
              type: 'array',
              items: { type: 'object', properties: { value: { type: 'string', format: 'email' } } },
            },
            manager: { $ref: '#/components/schemas/User' },
          },
        },
      },
    },
  };
}
