import {
  assignRoleWithin,
  type OrganizationRoleAssignment,
  removeRoleAssignmentWithin,
  searchOrganizationRoleAssignments,
} from '../../domain/access/organization-role-assignment.ts';
import { inviteToOrganization } from '../../domain/lifecycle/accept-invitation.ts';
import { changeOrganization } from '../../domain/lifecycle/change-organization.ts';
import { addMembers } from '../../domain/lifecycle/manage-members.ts';
import { createOrganization } from '../../domain/organizations/create-organization.ts';
import { deleteOrganization } from '../../domain/organizations/delete-organization.ts';
import { type Invitation, searchInvitations, withdrawInvitation } from '../../domain/organizations/invitations.ts';
import { getOrganization, type Organization, searchOrganizations } from '../../domain/organizations/organization.ts';
import {
  removeOrganizationMember,
  searchOrganizationMembers,
} from '../../domain/organizations/organization-members.ts';
import { conflict, notFound } from '../../kernel/errors.ts';
import type { Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer } from '../http/list-answer.ts';
import { created, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import {
  addOrganizationMembersRoute,
  createInvitationRoute,
  createOrganizationRoleAssignmentRoute,
  createOrganizationRoute,
  deleteInvitationRoute,
  deleteOrganizationRoleAssignmentRoute,
  deleteOrganizationRoute,
  getOrganizationRoute,
  removeOrganizationMemberRoute,
  searchInvitationsRoute,
  searchOrganizationMembersRoute,
  searchOrganizationRoleAssignmentsRoute,
  searchOrganizationsRoute,
  updateOrganizationRoute,
} from './organizations-routes.ts';

export type OrganizationsParts = { readonly transact: Transact; readonly isMailAvailable: boolean };

const PATH = `${ADMIN_PREFIX}/organizations`;

export function addOrganizationRoutes(admin: ApiRouter, parts: OrganizationsParts): void {
  addOrganizations(admin, parts);
  addMemberRoutes(admin, parts);
  addAssignments(admin, parts);
  addInvitations(admin, parts);
}

function addOrganizations(admin: ApiRouter, { transact }: OrganizationsParts): void {
  admin.handle(searchOrganizationsRoute, async ({ query, read }) => {
    const { cursor, limit, ...filters } = query;
    const page = await searchOrganizations(read, { filters, cursor, limit });
    return listAnswer('organizations', page, presentOrganization, { path: PATH, query });
  });
  admin.handle(createOrganizationRoute, async ({ body, actor }) => {
    const organization = await transact(actor, (tx) => createOrganization(tx, body));
    return created(`${PATH}/${organization.id}`, presentOrganization(organization), organization.version);
  });
  admin.handle(getOrganizationRoute, async ({ params, read }) => shown(await getOrganization(read, params.id)));
  admin.handle(updateOrganizationRoute, async ({ params: { id }, body: patch, actor, expectedVersion }) =>
    shown(await transact(actor, (tx) => changeOrganization(tx, { id, expectedVersion, patch }))),
  );
  admin.handle(deleteOrganizationRoute, async ({ params: { id }, actor, expectedVersion }) => {
    await transact(actor, (tx) => deleteOrganization(tx, { id, expectedVersion }));
    return noContent();
  });
}

function addMemberRoutes(admin: ApiRouter, { transact }: OrganizationsParts): void {
  admin.handle(searchOrganizationMembersRoute, async ({ params: { id }, query, read }) => {
    const page = await searchOrganizationMembers(read, {
      organizationId: id,
      cursor: query.cursor,
      limit: query.limit,
    });
    return listAnswer('members', page, (member) => member, { path: `${PATH}/${id}/members`, query });
  });
  admin.handle(addOrganizationMembersRoute, async ({ params: { id }, body: { members }, actor }) => {
    await transact(actor, (tx) => addMembers(tx, { organizationId: id, members }));
    return noContent();
  });
  admin.handle(removeOrganizationMemberRoute, async ({ params: { id, userId }, actor }) => {
    const wasMember = await transact(actor, (tx) => removeOrganizationMember(tx, { organizationId: id, userId }));
    if (!wasMember) throw notFound('organizations.no_such_member', { detail: 'this is no member of the organization' });
    return noContent();
  });
}

function addAssignments(admin: ApiRouter, { transact }: OrganizationsParts): void {
  admin.handle(searchOrganizationRoleAssignmentsRoute, async ({ params: { id }, query, read }) => {
    const page = await searchOrganizationRoleAssignments(read, {
      organizationId: id,
      cursor: query.cursor,
      limit: query.limit,
    });
    return listAnswer('roleAssignments', page, presentAssignment, { path: `${PATH}/${id}/role-assignments`, query });
  });
  admin.handle(createOrganizationRoleAssignmentRoute, async ({ params: { id }, body, actor }) => {
    const assignment = await transact(actor, (tx) => assignRoleWithin(tx, { organizationId: id, ...body }));
    return created(`${PATH}/${id}/role-assignments/${assignment.id}`, presentAssignment(assignment));
  });
  admin.handle(deleteOrganizationRoleAssignmentRoute, async ({ params: { id, assignmentId }, actor }) => {
    await transact(actor, (tx) => removeRoleAssignmentWithin(tx, { organizationId: id, id: assignmentId }));
    return noContent();
  });
}

function addInvitations(admin: ApiRouter, { transact, isMailAvailable }: OrganizationsParts): void {
  admin.handle(searchInvitationsRoute, async ({ params: { id }, query: { cursor, limit }, read }) => {
    const page = await searchInvitations(read, { organizationId: id, cursor, limit });
    return listAnswer('invitations', page, presentInvitation, { path: `${PATH}/${id}/invitations`, query: { limit } });
  });
  admin.handle(createInvitationRoute, async ({ params: { id }, body: { email }, actor }) => {
    if (!isMailAvailable) throw conflict('organizations.no_mail', { detail: 'no mail server is configured' });
    const invitation = await transact(actor, (tx) => inviteToOrganization(tx, { organizationId: id, email }));
    return created(`${PATH}/${id}/invitations/${invitation.id}`, presentInvitation(invitation));
  });
  admin.handle(deleteInvitationRoute, async ({ params: { id, invitationId }, actor }) => {
    await transact(actor, (tx) => withdrawInvitation(tx, { organizationId: id, id: invitationId }));
    return noContent();
  });
}

const presentInvitation = (invitation: Invitation): Record<string, unknown> => ({
  id: invitation.id,
  organizationId: invitation.organizationId,
  email: invitation.email,
  createdAt: invitation.createdAt.toISOString(),
  expiresAt: invitation.expiresAt.toISOString(),
  acceptedAt: invitation.acceptedAt?.toISOString(),
  userId: invitation.userId ?? undefined,
});

const shown = (organization: Organization) => ok(presentOrganization(organization), organization.version);

const presentOrganization = (organization: Organization): Record<string, unknown> => ({
  id: organization.id,
  name: organization.name,
  displayName: organization.displayName ?? undefined,
  parentId: organization.parentId ?? undefined,
  status: organization.status,
  version: organization.version,
  createdAt: organization.createdAt.toISOString(),
  updatedAt: organization.updatedAt.toISOString(),
});

const presentAssignment = (assignment: OrganizationRoleAssignment): Record<string, unknown> => ({
  id: assignment.id,
  organizationId: assignment.organizationId,
  roleId: assignment.roleId,
  userId: assignment.userId ?? undefined,
  groupId: assignment.groupId ?? undefined,
  startsAt: assignment.startsAt?.toISOString(),
  endsAt: assignment.endsAt?.toISOString(),
  reason: assignment.reason ?? undefined,
  createdAt: assignment.createdAt.toISOString(),
});
