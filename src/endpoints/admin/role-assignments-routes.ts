import { z } from 'zod';
import { roleAssignmentInput, roleAssignmentPatch } from '../../domain/access/role-assignment-input.ts';
import { listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute } from '../http/route.ts';

const tag = 'Role assignments';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such role assignment' };
const beyond = { description: 'It would reach further than your own permissions' };
const changedMeanwhile = { description: 'The role assignment has changed since that version' };
const id = z.exactOptional(z.guid());

export const roleAssignmentResource = z.object({
  id: z.uuid(),
  roleId: z.uuid(),
  userId: z.uuid().optional(),
  groupId: z.uuid().optional(),
  clientId: z.string().optional(),
  startsAt: z.iso.datetime().optional().describe('In force from this moment on; absent: from the beginning.'),
  endsAt: z.iso.datetime().optional().describe('In force until just before this moment; absent: without an end.'),
  reason: z.string().optional(),
  version: z.int().describe('The number in the ETag.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const searchRoleAssignmentsRoute = defineRoute({
  method: 'GET',
  path: '/role-assignments',
  operationId: 'searchRoleAssignments',
  summary: 'List role assignments, those over or not begun included',
  tag,
  permission: 'role-assignments:read',
  query: z.strictObject({
    ...pageParameters,
    roleId: id,
    userId: id,
    groupId: id,
    clientId: z.exactOptional(z.string()),
  }),
  responses: { 200: { description: 'One page', schema: listSchema('roleAssignments', roleAssignmentResource) } },
});

export const createRoleAssignmentRoute = defineRoute({
  method: 'POST',
  path: '/role-assignments',
  operationId: 'createRoleAssignment',
  summary: 'Assign a role to a person, a group or a client',
  tag,
  permission: 'role-assignments:write',
  body: roleAssignmentInput,
  responses: {
    201: { description: 'Assigned', schema: roleAssignmentResource },
    403: beyond,
    409: { description: 'It is assigned already, from the same start' },
  },
});

export const getRoleAssignmentRoute = defineRoute({
  method: 'GET',
  path: '/role-assignments/:id',
  operationId: 'getRoleAssignment',
  summary: 'See a role assignment',
  tag,
  permission: 'role-assignments:read',
  params,
  responses: { 200: { description: 'The role assignment', schema: roleAssignmentResource }, 404: missing },
});

export const updateRoleAssignmentRoute = defineRoute({
  method: 'PATCH',
  path: '/role-assignments/:id',
  operationId: 'updateRoleAssignment',
  summary: 'Change when a role assignment starts or ends, or its reason',
  tag,
  permission: 'role-assignments:write',
  params,
  body: roleAssignmentPatch,
  responses: {
    200: { description: 'Changed', schema: roleAssignmentResource },
    403: beyond,
    404: missing,
    409: { description: 'Nobody would be left to administer' },
    412: changedMeanwhile,
  },
});

export const deleteRoleAssignmentRoute = defineRoute({
  method: 'DELETE',
  path: '/role-assignments/:id',
  operationId: 'deleteRoleAssignment',
  summary: 'End a role assignment now',
  tag,
  permission: 'role-assignments:write',
  params,
  responses: {
    204: { description: 'Ended' },
    404: missing,
    409: { description: 'Nobody would be left to administer' },
    412: changedMeanwhile,
  },
});
