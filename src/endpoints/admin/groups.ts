import { getGroup } from '../../domain/groups/find-group.ts';
import type { Group } from '../../domain/groups/group.ts';
import { searchGroupMembers } from '../../domain/groups/group-members.ts';
import { removeGroupOwner, searchGroupOwners } from '../../domain/groups/group-owners.ts';
import { previewRule } from '../../domain/groups/preview-rule.ts';
import { searchGroups } from '../../domain/groups/search-groups.ts';
import { changeGroup } from '../../domain/lifecycle/change-group.ts';
import { endMembership } from '../../domain/lifecycle/end-group-membership.ts';
import { fillGroupWith, foundGroup } from '../../domain/lifecycle/fill-group.ts';
import { makeGroupOwners } from '../../domain/lifecycle/look-after-group.ts';
import { removeGroup } from '../../domain/lifecycle/remove-group.ts';
import { notFound } from '../../kernel/errors.ts';
import type { Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer } from '../http/list-answer.ts';
import { created, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import {
  addGroupMembersRoute,
  addGroupOwnersRoute,
  createGroupRoute,
  deleteGroupRoute,
  getGroupRoute,
  previewMembershipRoute,
  removeGroupMemberRoute,
  removeGroupOwnerRoute,
  searchGroupMembersRoute,
  searchGroupOwnersRoute,
  searchGroupsRoute,
  updateGroupRoute,
} from './groups-routes.ts';

export type GroupsParts = { readonly transact: Transact };

export function addGroupRoutes(admin: ApiRouter, parts: GroupsParts): void {
  addGroups(admin, parts);
  addMembers(admin, parts);
  addOwners(admin, parts);
}

function addGroups(admin: ApiRouter, { transact }: GroupsParts): void {
  admin.handle(searchGroupsRoute, async ({ query, read }) => {
    const { displayName, externalId, organizationId, 'members.value': userId, cursor, limit } = query;
    const page = await searchGroups(read, {
      filters: { displayName, externalId, organizationId, userId },
      cursor,
      limit,
    });
    return listAnswer('groups', page, presentGroup, { path: `${ADMIN_PREFIX}/groups`, query });
  });
  admin.handle(createGroupRoute, async ({ body: { members = [], ...input }, actor }) => {
    const group = await transact(actor, (tx) => foundGroup(tx, { input, members }));
    return created(`${ADMIN_PREFIX}/groups/${group.id}`, presentGroup(group), group.version);
  });
  admin.handle(getGroupRoute, async ({ params, read }) => shown(await getGroup(read, params.id)));
  admin.handle(updateGroupRoute, async ({ params: { id }, body: patch, actor, expectedVersion }) =>
    shown(await transact(actor, (tx) => changeGroup(tx, { id, expectedVersion, patch }))),
  );
  admin.handle(previewMembershipRoute, async ({ params, body, read }) =>
    ok(await previewRule(read, { groupId: params.id, rule: body.membershipRule })),
  );
  admin.handle(deleteGroupRoute, async ({ params: { id }, actor, expectedVersion }) => {
    await transact(actor, (tx) => removeGroup(tx, { id, expectedVersion }));
    return noContent();
  });
}

function addMembers(admin: ApiRouter, { transact }: GroupsParts): void {
  admin.handle(searchGroupMembersRoute, async ({ params: { id }, query, read }) => {
    const page = await searchGroupMembers(read, { groupId: id, cursor: query.cursor, limit: query.limit });
    const path = `${ADMIN_PREFIX}/groups/${id}/members`;
    return listAnswer('members', page, (member) => member, { path, query });
  });
  admin.handle(addGroupMembersRoute, async ({ params, body, actor }) => {
    await transact(actor, (tx) => fillGroupWith(tx, { groupId: params.id, members: body.members }));
    return noContent();
  });
  admin.handle(removeGroupMemberRoute, async ({ params, actor }) => {
    const wasMember = await transact(actor, (tx) =>
      endMembership(tx, { groupId: params.id, memberId: params.memberId }),
    );
    if (!wasMember) throw notFound('groups.no_such_member', { detail: 'this is no member of the group' });
    return noContent();
  });
}

function addOwners(admin: ApiRouter, { transact }: GroupsParts): void {
  admin.handle(searchGroupOwnersRoute, async ({ params: { id }, query, read }) => {
    const page = await searchGroupOwners(read, { groupId: id, cursor: query.cursor, limit: query.limit });
    return listAnswer('owners', page, (owner) => owner, { path: `${ADMIN_PREFIX}/groups/${id}/owners`, query });
  });
  admin.handle(addGroupOwnersRoute, async ({ params: { id }, body, actor }) => {
    const userIds = body.owners.map(({ value }) => value);
    await transact(actor, (tx) => makeGroupOwners(tx, { groupId: id, userIds }));
    return noContent();
  });
  admin.handle(removeGroupOwnerRoute, async ({ params: { id, userId }, actor }) => {
    const wasOwner = await transact(actor, (tx) => removeGroupOwner(tx, { groupId: id, userId }));
    if (!wasOwner) throw notFound('groups.no_such_owner', { detail: 'this is no owner of the group' });
    return noContent();
  });
}

const shown = (group: Group) => ok(presentGroup(group), group.version);

const presentGroup = (group: Group): Record<string, unknown> => ({
  id: group.id,
  displayName: group.displayName,
  externalId: group.externalId,
  membershipRule: group.membershipRule,
  organizationId: group.organizationId,
  version: group.version,
  createdAt: group.createdAt.toISOString(),
  updatedAt: group.updatedAt.toISOString(),
});
