import { z } from 'zod';
import { organizationRoleAssignmentInput } from '../../domain/access/organization-role-assignment.ts';
import { organizationInput, organizationPatch } from '../../domain/organizations/organization-input.ts';
import { emailAddress } from '../../domain/users/attribute-types.ts';
import { listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute } from '../http/route.ts';

const tag = 'Organizations';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such organization' };
const taken = { description: 'The name is taken' };
const changedMeanwhile = { description: 'The organization has changed since that version' };
const beyond = { description: 'It would reach further than your own permissions' };

export const organizationResource = z.object({
  id: z.uuid(),
  ...organizationInput.shape,
  status: z.enum(['active', 'suspended']),
  version: z.int().describe('The number in the ETag.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const searchOrganizationsRoute = defineRoute({
  method: 'GET',
  path: '/organizations',
  operationId: 'searchOrganizations',
  summary: 'List organizations, or look for those with given attribute values',
  tag,
  permission: 'organizations:read',
  organization: 'open',
  query: z.strictObject({
    ...pageParameters,
    name: z.exactOptional(z.string()),
    parentId: z.exactOptional(z.guid()).describe('Those directly in this one.'),
    status: z.exactOptional(z.enum(['active', 'suspended'])),
  }),
  responses: { 200: { description: 'One page', schema: listSchema('organizations', organizationResource) } },
});

export const createOrganizationRoute = defineRoute({
  method: 'POST',
  path: '/organizations',
  operationId: 'createOrganization',
  summary: 'Create an organization; whoever acts for one creates those below it',
  tag,
  permission: 'organizations:write',
  organization: 'open',
  body: organizationInput,
  responses: { 201: { description: 'Created', schema: organizationResource }, 409: taken },
});

export const getOrganizationRoute = defineRoute({
  method: 'GET',
  path: '/organizations/:id',
  operationId: 'getOrganization',
  summary: 'See an organization',
  tag,
  permission: 'organizations:read',
  organization: 'open',
  params,
  responses: { 200: { description: 'The organization', schema: organizationResource }, 404: missing },
});

export const updateOrganizationRoute = defineRoute({
  method: 'PATCH',
  path: '/organizations/:id',
  operationId: 'updateOrganization',
  summary: 'Change an organization, move it, suspend it or open it again',
  tag,
  permission: 'organizations:write',
  organization: 'open',
  params,
  body: organizationPatch,
  responses: {
    200: { description: 'Changed', schema: organizationResource },
    403: { description: 'Nobody moves or suspends the organization they act for' },
    404: missing,
    409: taken,
    412: changedMeanwhile,
  },
});

export const deleteOrganizationRoute = defineRoute({
  method: 'DELETE',
  path: '/organizations/:id',
  operationId: 'deleteOrganization',
  summary: 'Delete an organization that manages nobody any more; guests lose their membership',
  tag,
  permission: 'organizations:write',
  organization: 'open',
  params,
  responses: {
    204: { description: 'Deleted' },
    404: missing,
    409: { description: 'It still manages people, or has teams, clients or organizations below it' },
    412: changedMeanwhile,
  },
});

const memberResource = z.object({
  value: z.uuid(),
  display: z.string(),
  managed: z.boolean().describe("The account is the organization's; otherwise the person is a guest."),
});

export const searchOrganizationMembersRoute = defineRoute({
  method: 'GET',
  path: '/organizations/:id/members',
  operationId: 'searchOrganizationMembers',
  summary: 'List the members of an organization',
  tag,
  permission: 'organizations:read',
  organization: 'open',
  params,
  query: z.strictObject(pageParameters),
  responses: { 200: { description: 'One page', schema: listSchema('members', memberResource) }, 404: missing },
});

const newMember = z.strictObject({
  value: z.string().describe('The id of a user.'),
  managed: z
    .boolean()
    .default(false)
    .describe('From now on the organization manages the account. Not open to whoever acts for an organization.'),
});

export const addOrganizationMembersRoute = defineRoute({
  method: 'POST',
  path: '/organizations/:id/members',
  operationId: 'addOrganizationMembers',
  summary: 'Make people members of an organization; who is one already stays one',
  tag,
  permission: 'organizations:write',
  organization: 'open',
  params,
  body: z.strictObject({ members: z.array(newMember).min(1).max(1000, 'expected at most 1000 in one call') }),
  responses: { 204: { description: 'They are members' }, 403: beyond, 404: missing },
});

export const removeOrganizationMemberRoute = defineRoute({
  method: 'DELETE',
  path: '/organizations/:id/members/:userId',
  operationId: 'removeOrganizationMember',
  summary: 'End the membership of a guest, with their teams and roles in the organization',
  tag,
  permission: 'organizations:write',
  organization: 'open',
  params: params.extend({ userId: z.string() }),
  responses: {
    204: { description: 'They are no member any more' },
    404: missing,
    409: { description: 'The organization manages the account' },
  },
});

const invitationResource = z.object({
  id: z.uuid(),
  organizationId: z.uuid(),
  email: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  acceptedAt: z.iso.datetime().optional(),
  userId: z.uuid().optional().describe('Who accepted it.'),
});

export const searchInvitationsRoute = defineRoute({
  method: 'GET',
  path: '/organizations/:id/invitations',
  operationId: 'searchInvitations',
  summary: 'List the invitations into an organization, those accepted or run out included',
  tag,
  permission: 'organizations:read',
  organization: 'open',
  params,
  query: z.strictObject(pageParameters),
  responses: { 200: { description: 'One page', schema: listSchema('invitations', invitationResource) }, 404: missing },
});

export const createInvitationRoute = defineRoute({
  method: 'POST',
  path: '/organizations/:id/invitations',
  operationId: 'createInvitation',
  summary: 'Invite whoever has an address, by a mail with a link that works once; an earlier one for it ends',
  tag,
  permission: 'organizations:write',
  organization: 'open',
  params,
  body: z.strictObject({ email: emailAddress }),
  responses: {
    201: { description: 'The mail is on its way', schema: invitationResource },
    404: missing,
    409: { description: 'No mail can be sent' },
  },
});

export const deleteInvitationRoute = defineRoute({
  method: 'DELETE',
  path: '/organizations/:id/invitations/:invitationId',
  operationId: 'deleteInvitation',
  summary: 'Withdraw an invitation; whoever accepted it stays a member',
  tag,
  permission: 'organizations:write',
  organization: 'open',
  params: params.extend({ invitationId: z.string() }),
  responses: { 204: { description: 'Withdrawn' }, 404: missing },
});

export const organizationRoleAssignmentResource = z.object({
  id: z.uuid(),
  organizationId: z.uuid(),
  roleId: z.uuid(),
  userId: z.uuid().optional(),
  groupId: z.uuid().optional(),
  startsAt: z.iso.datetime().optional(),
  endsAt: z.iso.datetime().optional(),
  reason: z.string().optional(),
  createdAt: z.iso.datetime(),
});

export const searchOrganizationRoleAssignmentsRoute = defineRoute({
  method: 'GET',
  path: '/organizations/:id/role-assignments',
  operationId: 'searchOrganizationRoleAssignments',
  summary: 'List who has which role within an organization',
  tag,
  permission: 'role-assignments:read',
  organization: 'open',
  params,
  query: z.strictObject(pageParameters),
  responses: {
    200: { description: 'One page', schema: listSchema('roleAssignments', organizationRoleAssignmentResource) },
    404: missing,
  },
});

export const createOrganizationRoleAssignmentRoute = defineRoute({
  method: 'POST',
  path: '/organizations/:id/role-assignments',
  operationId: 'createOrganizationRoleAssignment',
  summary: 'Assign a role to a member or a team, for tokens that are for this organization or one below it',
  tag,
  permission: 'role-assignments:write',
  organization: 'open',
  params,
  body: organizationRoleAssignmentInput,
  responses: {
    201: { description: 'Assigned', schema: organizationRoleAssignmentResource },
    403: beyond,
    404: missing,
    409: { description: 'It is assigned already, from the same start' },
  },
});

export const deleteOrganizationRoleAssignmentRoute = defineRoute({
  method: 'DELETE',
  path: '/organizations/:id/role-assignments/:assignmentId',
  operationId: 'deleteOrganizationRoleAssignment',
  summary: 'End a role assignment within an organization now',
  tag,
  permission: 'role-assignments:write',
  organization: 'open',
  params: params.extend({ assignmentId: z.string() }),
  responses: { 204: { description: 'Ended' }, 404: missing },
});
