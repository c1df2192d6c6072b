import { assignRole } from '../../domain/access/assign-role.ts';
import { removeRoleAssignment } from '../../domain/access/remove-role-assignment.ts';
import { getRoleAssignment, type RoleAssignment, searchRoleAssignments } from '../../domain/access/role-assignment.ts';
import { updateRoleAssignment } from '../../domain/access/update-role-assignment.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer } from '../http/list-answer.ts';
import { created, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import {
  createRoleAssignmentRoute,
  deleteRoleAssignmentRoute,
  getRoleAssignmentRoute,
  searchRoleAssignmentsRoute,
  updateRoleAssignmentRoute,
} from './role-assignments-routes.ts';

export type RoleAssignmentsParts = { readonly read: Reader; readonly transact: Transact };

export function addRoleAssignmentRoutes(admin: ApiRouter, { read, transact }: RoleAssignmentsParts): void {
  admin.handle(searchRoleAssignmentsRoute, async ({ query }) => {
    const { cursor, limit, ...filters } = query;
    const page = await searchRoleAssignments(read, { filters, cursor, limit });
    return listAnswer('roleAssignments', page, presentAssignment, { path: `${ADMIN_PREFIX}/role-assignments`, query });
  });
  admin.handle(createRoleAssignmentRoute, async ({ body, actor }) => {
    const assignment = await transact(actor, (tx) => assignRole(tx, body));
    const address = `${ADMIN_PREFIX}/role-assignments/${assignment.id}`;
    return created(address, presentAssignment(assignment), assignment.version);
  });
  admin.handle(getRoleAssignmentRoute, async ({ params }) => shown(await getRoleAssignment(read, params.id)));
  admin.handle(updateRoleAssignmentRoute, async ({ params: { id }, body: patch, actor, expectedVersion }) =>
    shown(await transact(actor, (tx) => updateRoleAssignment(tx, { id, expectedVersion, patch }))),
  );
  admin.handle(deleteRoleAssignmentRoute, async ({ params: { id }, actor, expectedVersion }) => {
    await transact(actor, (tx) => removeRoleAssignment(tx, { id, expectedVersion }));
    return noContent();
  });
}

const shown = (assignment: RoleAssignment) => ok(presentAssignment(assignment), assignment.version);

const presentAssignment = (assignment: RoleAssignment) => ({
  id: assignment.id,
  roleId: assignment.roleId,
  userId: assignment.userId ?? undefined,
  groupId: assignment.groupId ?? undefined,
  clientId: assignment.clientId ?? undefined,
  startsAt: assignment.startsAt?.toISOString(),
  endsAt: assignment.endsAt?.toISOString(),
  reason: assignment.reason ?? undefined,
  version: assignment.version,
  createdAt: assignment.createdAt.toISOString(),
  updatedAt: assignment.updatedAt.toISOString(),
});
