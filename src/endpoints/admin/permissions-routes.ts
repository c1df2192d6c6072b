import { z } from 'zod';
import { permissionInput, permissionPatch } from '../../domain/clients/resource-server-input.ts';
import { listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute } from '../http/route.ts';

const tag = 'Permissions';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such permission' };
const builtIn = { description: 'It belongs to the product' };
const changedMeanwhile = { description: 'The permission has changed since that version' };
const text = z.exactOptional(z.string());

export const permissionResource = z.object({
  id: z.uuid(),
  resourceServerId: z.uuid(),
  resource: z.string().describe('Identifier of the resource server.'),
  value: z.string().describe('The scope value that asks for it.'),
  description: z.string().optional(),
  version: z.int().describe('The number in the ETag.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const searchPermissionsRoute = defineRoute({
  method: 'GET',
  path: '/permissions',
  operationId: 'searchPermissions',
  summary: 'List permissions, or look for those of a resource server or with a value',
  tag,
  permission: 'resource-servers:read',
  query: z.strictObject({
    ...pageParameters,
    resourceServerId: z.exactOptional(z.guid()),
    resource: text,
    value: text,
  }),
  responses: { 200: { description: 'One page', schema: listSchema('permissions', permissionResource) } },
});

export const createPermissionRoute = defineRoute({
  method: 'POST',
  path: '/permissions',
  operationId: 'createPermission',
  summary: 'Add a permission to a resource server',
  tag,
  permission: 'resource-servers:write',
  body: permissionInput,
  responses: {
    201: { description: 'Created', schema: permissionResource },
    409: { description: 'The resource server has it already, or belongs to the product' },
  },
});

export const getPermissionRoute = defineRoute({
  method: 'GET',
  path: '/permissions/:id',
  operationId: 'getPermission',
  summary: 'See a permission',
  tag,
  permission: 'resource-servers:read',
  params,
  responses: { 200: { description: 'The permission', schema: permissionResource }, 404: missing },
});

export const updatePermissionRoute = defineRoute({
  method: 'PATCH',
  path: '/permissions/:id',
  operationId: 'updatePermission',
  summary: 'Describe a permission anew',
  tag,
  permission: 'resource-servers:write',
  params,
  body: permissionPatch,
  responses: {
    200: { description: 'Changed', schema: permissionResource },
    404: missing,
    409: builtIn,
    412: changedMeanwhile,
  },
});

export const deletePermissionRoute = defineRoute({
  method: 'DELETE',
  path: '/permissions/:id',
  operationId: 'deletePermission',
  summary: 'Remove a permission, from everyone who has it',
  tag,
  permission: 'resource-servers:write',
  params,
  responses: { 204: { description: 'Deleted' }, 404: missing, 409: builtIn, 412: changedMeanwhile },
});
