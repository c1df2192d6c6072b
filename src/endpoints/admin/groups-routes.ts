import { z } from 'zod';
import { groupInput, groupPatch } from '../../domain/groups/group-input.ts';
import { listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute } from '../http/route.ts';

const tag = 'Groups';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such group' };
const taken = { description: 'The displayName is taken' };
const changedMeanwhile = { description: 'The group has changed since that version' };
const text = z.exactOptional(z.string());

const members = z
  .array(
    z.strictObject({
      value: z.string().describe('The id of a user or a group.'),
      type: z.enum(['User', 'Group']).default('User'),
    }),
  )
  .max(1000, 'expected at most 1000 in one call');

const memberResource = z.object({ value: z.uuid(), display: z.string(), type: z.enum(['User', 'Group']) });

const circle = { description: 'The groups would be inside one another in a circle' };

const owners = z
  .array(z.strictObject({ value: z.string().describe('The id of a user.') }))
  .min(1, 'expected at least one')
  .max(100, 'expected at most 100 in one call');

export const groupResource = z.object({
  id: z.uuid(),
  ...groupInput.shape,
  version: z.int().describe('The number in the ETag.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const searchGroupsRoute = defineRoute({
  method: 'GET',
  path: '/groups',
  operationId: 'searchGroups',
  summary: 'List groups, or look for those with given attribute values',
  tag,
  permission: 'groups:read',
  organization: 'open',
  query: z.strictObject({
    ...pageParameters,
    displayName: text,
    externalId: text,
    organizationId: z.exactOptional(z.guid()).describe('The teams of this organization.'),
    'members.value': z.exactOptional(z.string()).describe('Groups this person is a member of.'),
  }),
  responses: { 200: { description: 'One page', schema: listSchema('groups', groupResource) } },
});

export const createGroupRoute = defineRoute({
  method: 'POST',
  path: '/groups',
  operationId: 'createGroup',
  summary: 'Create a group, with members if given',
  tag,
  permission: 'groups:write',
  organization: 'open',
  body: groupInput.extend({ members: z.exactOptional(members) }),
  responses: { 201: { description: 'Created', schema: groupResource }, 409: taken },
});

export const getGroupRoute = defineRoute({
  method: 'GET',
  path: '/groups/:id',
  operationId: 'getGroup',
  summary: 'See a group',
  tag,
  permission: 'groups:read',
  organization: 'open',
  params,
  responses: { 200: { description: 'The group', schema: groupResource }, 404: missing },
});

export const updateGroupRoute = defineRoute({
  method: 'PATCH',
  path: '/groups/:id',
  operationId: 'updateGroup',
  summary: 'Change a group',
  tag,
  permission: 'groups:write',
  organization: 'open',
  params,
  body: groupPatch,
  responses: {
    200: { description: 'Changed', schema: groupResource },
    404: missing,
    409: {
      description:
        'The displayName is taken, a group that is to have a rule has members, or nobody would be left to administer',
    },
    412: changedMeanwhile,
  },
});

export const deleteGroupRoute = defineRoute({
  method: 'DELETE',
  path: '/groups/:id',
  operationId: 'deleteGroup',
  summary: 'Delete a group; what was assigned to it ends for its members',
  tag,
  permission: 'groups:write',
  organization: 'open',
  params,
  responses: {
    204: { description: 'Deleted' },
    404: missing,
    409: { description: 'Nobody would be left to administer' },
    412: changedMeanwhile,
  },
});

const people = z.object({
  count: z.int(),
  people: z.array(z.object({ value: z.uuid(), display: z.string() })).describe('The first hundred.'),
});

export const previewMembershipRoute = defineRoute({
  method: 'POST',
  path: '/groups/:id/membership-preview',
  operationId: 'previewMembership',
  summary: 'See who would join and leave a group with this rule; nothing changes',
  tag,
  permission: 'groups:write',
  params,
  body: groupInput.pick({ membershipRule: true }).required(),
  responses: {
    200: { description: 'Who would move', schema: z.object({ joining: people, leaving: people }) },
    404: missing,
  },
});

export const searchGroupMembersRoute = defineRoute({
  method: 'GET',
  path: '/groups/:id/members',
  operationId: 'searchGroupMembers',
  summary: 'List the direct members of a group, people and groups',
  tag,
  permission: 'groups:read',
  organization: 'open',
  params,
  query: z.strictObject(pageParameters),
  responses: { 200: { description: 'One page', schema: listSchema('members', memberResource) }, 404: missing },
});

export const addGroupMembersRoute = defineRoute({
  method: 'POST',
  path: '/groups/:id/members',
  operationId: 'addGroupMembers',
  summary: 'Put people and groups into a group; who is in it already stays',
  tag,
  permission: 'groups:write',
  organization: 'open',
  params,
  body: z.strictObject({ members: members.min(1, 'expected at least one') }),
  responses: { 204: { description: 'They are members' }, 404: missing, 409: circle },
});

export const removeGroupMemberRoute = defineRoute({
  method: 'DELETE',
  path: '/groups/:id/members/:memberId',
  operationId: 'removeGroupMember',
  summary: 'Take a person or a group out of a group',
  tag,
  permission: 'groups:write',
  organization: 'open',
  params: z.object({ id: z.string(), memberId: z.string() }),
  responses: {
    204: { description: 'They are no member any more' },
    404: { description: 'There is no such group, or this is no member of it' },
    409: { description: 'Nobody would be left to administer' },
  },
});

export const searchGroupOwnersRoute = defineRoute({
  method: 'GET',
  path: '/groups/:id/owners',
  operationId: 'searchGroupOwners',
  summary: 'List who looks after a group: they put people in and take them out on their account pages',
  tag,
  permission: 'groups:read',
  organization: 'open',
  params,
  query: z.strictObject(pageParameters),
  responses: {
    200: {
      description: 'One page',
      schema: listSchema('owners', z.object({ value: z.uuid(), display: z.string() })),
    },
    404: missing,
  },
});

export const addGroupOwnersRoute = defineRoute({
  method: 'POST',
  path: '/groups/:id/owners',
  operationId: 'addGroupOwners',
  summary: 'Let people look after a group; who does already goes on',
  tag,
  permission: 'groups:write',
  organization: 'open',
  params,
  body: z.strictObject({ owners }),
  responses: {
    204: { description: 'They look after it' },
    404: missing,
    409: { description: 'Members of the group follow a rule' },
  },
});

export const removeGroupOwnerRoute = defineRoute({
  method: 'DELETE',
  path: '/groups/:id/owners/:userId',
  operationId: 'removeGroupOwner',
  summary: 'Let a person look after a group no more',
  tag,
  permission: 'groups:write',
  organization: 'open',
  params: z.object({ id: z.string(), userId: z.string() }),
  responses: {
    204: { description: 'They look after it no more' },
    404: { description: 'There is no such group, or this is no owner of it' },
  },
});
