import { z } from 'zod';
import { roleInput, rolePatch } from '../../domain/access/role-input.ts';
import { listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute } from '../http/route.ts';

const tag = 'Roles';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such role' };
const beyond = { description: 'It would reach further than your own permissions' };
const changedMeanwhile = { description: 'The role has changed since that version' };

export const roleResource = z.object({
  id: z.uuid(),
  name: z.string().describe('What the `roles` claim holds.'),
  description: z.string().optional(),
  builtIn: z.boolean(),
  permissions: z.array(
    z.object({ resource: z.string().describe('Identifier of the resource server.'), values: z.array(z.string()) }),
  ),
  inherits: z.array(z.string()).describe('Names of roles whose permissions this role has as well.'),
  version: z.int().describe('The number in the ETag.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const searchRolesRoute = defineRoute({
  method: 'GET',
  path: '/roles',
  operationId: 'searchRoles',
  summary: 'List roles, or look for one by its name',
  tag,
  permission: 'roles:read',
  organization: 'open',
  query: z.strictObject({ ...pageParameters, name: z.exactOptional(z.string()) }),
  responses: { 200: { description: 'One page', schema: listSchema('roles', roleResource) } },
});

export const createRoleRoute = defineRoute({
  method: 'POST',
  path: '/roles',
  operationId: 'createRole',
  summary: 'Create a role, with permissions and what it inherits',
  tag,
  permission: 'roles:write',
  body: roleInput,
  responses: {
    201: { description: 'Created', schema: roleResource },
    403: beyond,
    409: { description: 'The name is taken' },
  },
});

export const getRoleRoute = defineRoute({
  method: 'GET',
  path: '/roles/:id',
  operationId: 'getRole',
  summary: 'See a role',
  tag,
  permission: 'roles:read',
  params,
  responses: { 200: { description: 'The role', schema: roleResource }, 404: missing },
});

export const updateRoleRoute = defineRoute({
  method: 'PATCH',
  path: '/roles/:id',
  operationId: 'updateRole',
  summary: 'Change a role, its permissions or what it inherits',
  description: 'JSON merge patch: arrays are replaced whole.',
  tag,
  permission: 'roles:write',
  params,
  body: rolePatch,
  responses: {
    200: { description: 'Changed', schema: roleResource },
    403: beyond,
    404: missing,
    409: { description: 'The name is taken, the role would inherit itself, or it belongs to the product' },
    412: changedMeanwhile,
  },
});

export const deleteRoleRoute = defineRoute({
  method: 'DELETE',
  path: '/roles/:id',
  operationId: 'deleteRole',
  summary: 'Delete a role with its assignments',
  tag,
  permission: 'roles:write',
  params,
  responses: {
    204: { description: 'Deleted' },
    404: missing,
    409: { description: 'It belongs to the product, or nobody would be left to administer' },
    412: changedMeanwhile,
  },
});
