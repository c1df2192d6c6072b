import { createRole } from '../../domain/access/create-role.ts';
import { deleteRole } from '../../domain/access/delete-role.ts';
import { getRole, type Role } from '../../domain/access/role.ts';
import { searchRoles } from '../../domain/access/search-roles.ts';
import { updateRole } from '../../domain/access/update-role.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer } from '../http/list-answer.ts';
import { created, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import { createRoleRoute, deleteRoleRoute, getRoleRoute, searchRolesRoute, updateRoleRoute } from './roles-routes.ts';

export type RolesParts = { readonly read: Reader; readonly transact: Transact };

export function addRoleRoutes(admin: ApiRouter, { read, transact }: RolesParts): void {
  admin.handle(searchRolesRoute, async ({ query, read: seen }) => {
    const { cursor, limit, name } = query;
    const page = await searchRoles(seen, { cursor, limit, name });
    return listAnswer('roles', page, presentRole, { path: `${ADMIN_PREFIX}/roles`, query });
  });
  admin.handle(createRoleRoute, async ({ body, actor }) => {
    const role = await transact(actor, (tx) => createRole(tx, body));
    return created(`${ADMIN_PREFIX}/roles/${role.id}`, presentRole(role), role.version);
  });
  admin.handle(getRoleRoute, async ({ params }) => shown(await getRole(read, params.id)));
  admin.handle(updateRoleRoute, async ({ params: { id }, body: patch, actor, expectedVersion }) =>
    shown(await transact(actor, (tx) => updateRole(tx, { id, expectedVersion, patch }))),
  );
  admin.handle(deleteRoleRoute, async ({ params: { id }, actor, expectedVersion }) => {
    await transact(actor, (tx) => deleteRole(tx, { id, expectedVersion }));
    return noContent();
  });
}

const shown = (role: Role) => ok(presentRole(role), role.version);

const presentRole = (role: Role) => ({
  id: role.id,
  name: role.name,
  ...(role.description === null ? {} : { description: role.description }),
  builtIn: role.builtIn,
  permissions: role.permissions.map(({ resource, values }) => ({ resource, values })),
  inherits: role.inherits,
  version: role.version,
  createdAt: role.createdAt.toISOString(),
  updatedAt: role.updatedAt.toISOString(),
});
