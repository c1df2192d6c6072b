import { getGroup } from '../../domain/groups/find-group.ts';
import type { Group } from '../../domain/groups/group.ts';
import { searchGroupMembers } from '../../domain/groups/group-members.ts';
import { previewRule } from '../../domain/groups/preview-rule.ts';
import { searchGroups } from '../../domain/groups/search-groups.ts';
import { changeGroup } from '../../domain/lifecycle/change-group.ts';
import { endMembership } from '../../domain/lifecycle/end-group-membership.ts';
import { fillGroupWith, foundGroup } from '../../domain/lifecycle/fill-group.ts';
import { removeGroup } from '../../domain/lifecycle/remove-group.ts';
import { notFound } from '../../kernel/errors.ts';
import type { Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer } from '../http/list-answer.ts';
import { created, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import {
  addGroupMembersRoute,
  createGroupRoute,
  deleteGroupRoute,
  getGroupRoute,
  previewMembershipRoute,
  removeGroupMemberRoute,
  searchGroupMembersRoute,
  searchGroupsRoute,
  updateGroupRoute,
} from './groups-routes.ts';

export type GroupsParts = { readonly transact: Transact };

export function addGroupRoutes(admin: ApiRouter, parts: GroupsParts): void {
  addGroups(admin, parts);
  addMembers(admin, parts);
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
