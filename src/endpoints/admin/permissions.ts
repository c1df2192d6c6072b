import {
  createPermission,
  deletePermission,
  getPermission,
  type ListedPermission,
  searchPermissions,
  updatePermission,
} from '../../domain/clients/change-permission.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer } from '../http/list-answer.ts';
import { created, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import {
  createPermissionRoute,
  deletePermissionRoute,
  getPermissionRoute,
  searchPermissionsRoute,
  updatePermissionRoute,
} from './permissions-routes.ts';

export type PermissionsParts = { readonly read: Reader; readonly transact: Transact };

export function addPermissionRoutes(admin: ApiRouter, { read, transact }: PermissionsParts): void {
  admin.handle(searchPermissionsRoute, async ({ query }) => {
    const { cursor, limit, ...filters } = query;
    const page = await searchPermissions(read, { filters, cursor, limit });
    return listAnswer('permissions', page, presentPermission, { path: `${ADMIN_PREFIX}/permissions`, query });
  });
  admin.handle(createPermissionRoute, async ({ body, actor }) => {
    const permission = await transact(actor, (tx) => createPermission(tx, body));
    const address = `${ADMIN_PREFIX}/permissions/${permission.id}`;
    return created(address, presentPermission(permission), permission.version);
  });
  admin.handle(getPermissionRoute, async ({ params }) => shown(await getPermission(read, params.id)));
  admin.handle(updatePermissionRoute, async ({ params: { id }, body: patch, actor, expectedVersion }) =>
    shown(await transact(actor, (tx) => updatePermission(tx, { id, expectedVersion, patch }))),
  );
  admin.handle(deletePermissionRoute, async ({ params: { id }, actor, expectedVersion }) => {
    await transact(actor, (tx) => deletePermission(tx, { id, expectedVersion }));
    return noContent();
  });
}

const shown = (permission: ListedPermission) => ok(presentPermission(permission), permission.version);

const presentPermission = (permission: ListedPermission) => ({
  id: permission.id,
  resourceServerId: permission.resourceServerId,
  resource: permission.resource,
  value: permission.value,
  ...(permission.description === null ? {} : { description: permission.description }),
  version: permission.version,
  createdAt: permission.createdAt.toISOString(),
  updatedAt: permission.updatedAt.toISOString(),
});
