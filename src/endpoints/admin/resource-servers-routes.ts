import { z } from 'zod';
import { accessTokenFormats, accessTokenSigningAlgs, accessTokenTypes } from '../../domain/clients/resource-server.ts';
import { resourceServerInput, resourceServerPatch } from '../../domain/clients/resource-server-input.ts';
import { listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute } from '../http/route.ts';

const tag = 'Resource servers';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such resource server' };
const builtIn = { description: 'It belongs to the product' };
const changedMeanwhile = { description: 'The resource server has changed since that version' };

export const resourceServerResource = z.object({
  id: z.uuid(),
  identifier: z.string().describe('RFC 8707: what clients name in `resource`, and `aud` of its tokens.'),
  name: z.string(),
  accessTokenFormat: z.enum(accessTokenFormats),
  accessTokenType: z.enum(accessTokenTypes),
  accessTokenLifetimeSeconds: z.int(),
  signingAlg: z.enum(accessTokenSigningAlgs),
  builtIn: z.boolean(),
  permissions: z.array(z.object({ value: z.string(), description: z.string().optional() })),
  version: z.int().describe('The number in the ETag.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const searchResourceServersRoute = defineRoute({
  method: 'GET',
  path: '/resource-servers',
  operationId: 'searchResourceServers',
  summary: 'List resource servers, or look for one by its identifier',
  tag,
  permission: 'resource-servers:read',
  query: z.strictObject({ ...pageParameters, identifier: z.exactOptional(z.string()) }),
  responses: { 200: { description: 'One page', schema: listSchema('resourceServers', resourceServerResource) } },
});

export const createResourceServerRoute = defineRoute({
  method: 'POST',
  path: '/resource-servers',
  operationId: 'createResourceServer',
  summary: 'Create a resource server, with its permissions',
  tag,
  permission: 'resource-servers:write',
  body: resourceServerInput,
  responses: {
    201: { description: 'Created', schema: resourceServerResource },
    409: { description: 'The identifier is taken' },
  },
});

export const getResourceServerRoute = defineRoute({
  method: 'GET',
  path: '/resource-servers/:id',
  operationId: 'getResourceServer',
  summary: 'See a resource server',
  tag,
  permission: 'resource-servers:read',
  params,
  responses: { 200: { description: 'The resource server', schema: resourceServerResource }, 404: missing },
});

export const updateResourceServerRoute = defineRoute({
  method: 'PATCH',
  path: '/resource-servers/:id',
  operationId: 'updateResourceServer',
  summary: 'Change a resource server',
  description: 'JSON merge patch. Permissions that are left out of `permissions` are taken from everyone who has them.',
  tag,
  permission: 'resource-servers:write',
  params,
  body: resourceServerPatch,
  responses: {
    200: { description: 'Changed', schema: resourceServerResource },
    404: missing,
    409: builtIn,
    412: changedMeanwhile,
  },
});

export const deleteResourceServerRoute = defineRoute({
  method: 'DELETE',
  path: '/resource-servers/:id',
  operationId: 'deleteResourceServer',
  summary: 'Delete a resource server and its permissions',
  tag,
  permission: 'resource-servers:write',
  params,
  responses: { 204: { description: 'Deleted' }, 404: missing, 409: builtIn, 412: changedMeanwhile },
});
