import { z } from 'zod';
import { problemKinds } from './problem.ts';
import type { UploadLimits } from './read-body.ts';
import type { AnyRoute } from './route.ts';

export type OpenApiFacts = {
  readonly issuer: string;
  readonly prefix: string;
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** What each permission allows, by value; listed as OAuth scopes. */
  readonly permissions: Readonly<Record<string, string>>;
};

type Json = Record<string, unknown>;

/** OpenAPI 3.1 (its schemas are JSON Schema 2020-12, zod's own dialect) from the very definitions that validate requests. */
export function openApiDocument(routes: readonly AnyRoute[], facts: OpenApiFacts): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `${facts.prefix}${route.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: facts.title,
      version: facts.version,
      description: facts.description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: facts.issuer }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { oauth2: securityScheme(facts) },
      schemas: { Problem: problemSchema },
      responses: { Problem: problemResponse },
    },
  };
}

function operation(route: AnyRoute): Json {
  const parameters = [
    ...parametersOf(route.params, 'path'),
    ...parametersOf(route.query, 'query'),
    ...preconditionOf(route),
  ];
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    security: route.permission === null ? [] : [{ oauth2: [route.permission] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: requestBody(route) }),
    ...(route.upload === undefined ? {} : { requestBody: fileOf(route.upload) }),
    responses: {
      ...Object.fromEntries(Object.entries(route.responses).map(([status, answer]) => [status, response(answer)])),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties, required } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties ?? {}).map(([name, { description, ...member }]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    ...(description === undefined ? {} : { description }),
    schema: member,
  }));
}

/** Every change of one existing resource may be made conditional (RFC 9110 §13.1.1). */
function preconditionOf(route: AnyRoute): Json[] {
  if (route.params === undefined || !['PATCH', 'DELETE', 'PUT'].includes(route.method)) return [];
  return [
    {
      name: 'If-Match',
      in: 'header',
      required: false,
      description: 'The ETag last seen; 412 when the resource has changed since.',
      schema: { type: 'string' },
    },
  ];
}

function requestBody(route: AnyRoute): Json {
  const mediaTypes =
    route.mediaTypes ??
    (route.method === 'PATCH' ? ['application/merge-patch+json', 'application/json'] : ['application/json']);
  const schema = route.body === undefined ? {} : jsonSchema(route.body, 'input');
  return { required: !route.bodyIsOptional, content: Object.fromEntries(mediaTypes.map((type) => [type, { schema }])) };
}

/** OpenAPI 3.1: bytes as they are have no schema. */
const fileOf = ({ mediaTypes, largestBytes }: UploadLimits): Json => ({
  required: true,
  description: `A file of at most ${largestBytes} bytes`,
  content: Object.fromEntries(mediaTypes.map((type) => [type, {}])),
});

function response(answer: { description: string; schema?: z.ZodType }): Json {
  if (answer.schema === undefined) return { description: answer.description };
  return {
    description: answer.description,
    content: { 'application/json': { schema: jsonSchema(answer.schema, 'output') } },
  };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
  return rest;
}

function securityScheme({ issuer, permissions }: OpenApiFacts): Json {
  const scopes = permissions;
  return {
    type: 'oauth2',
    description:
      'An access token for the resource urn:doorward:admin whose scope holds the permission. The token is checked against what is granted at the moment of the call.',
    flows: {
      clientCredentials: { tokenUrl: `${issuer}/token`, scopes },
      authorizationCode: { authorizationUrl: `${issuer}/authorize`, tokenUrl: `${issuer}/token`, scopes },
    },
  };
}

const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: {
      type: 'string',
      format: 'uri',
      description: `A page that explains it: ${Object.keys(problemKinds).join(', ')} or server_error.`,
    },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable, dotted.' },
    detail: { type: 'string' },
    requestId: { type: 'string', description: 'Also in X-Request-Id; finds the audit events of this request.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', description: 'RFC 6901 JSON Pointer into the body.' },
          parameter: { type: 'string', description: 'Name of a query or path parameter.' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

const problemResponse: Json = {
  description: 'A problem (RFC 9457)',
  headers: { 'X-Request-Id': { schema: { type: 'string' } } },
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};
