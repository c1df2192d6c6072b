import { newId, type RoleId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { resolvePermissions } from '../clients/granted-permissions.ts';
import { assertMayGrantPermissions, assertMayGrantRoles } from './may-grant.ts';
import { getRole, onRoleNameTaken, type Role } from './role.ts';
import { replaceInheritance, resolveRoles } from './role-inheritance.ts';
import type { RoleInput } from './role-input.ts';
import { RolesTable } from './roles-table.ts';

/** Throws conflict `roles.name_taken`, invalid `permissions.unknown` | `roles.unknown`, forbidden `access.exceeds_own_permissions`. */
export async function createRole(tx: Tx, input: RoleInput & { readonly managedBy?: string }): Promise<Role> {
  const permissionIds = await resolvePermissions(tx, input.permissions);
  const inherits = [...(await resolveRoles(tx, input.inherits)).values()];
  await assertMayGrantPermissions(tx, permissionIds);
  await assertMayGrantRoles(tx, inherits);
  const id = newId<RoleId>(tx.now.getTime());
  await tx
    .table(RolesTable)
    .insert({
      id,
      name: input.name,
      description: input.description ?? null,
      builtIn: false,
      managedBy: input.managedBy ?? null,
      version: 1,
      createdAt: tx.now,
      updatedAt: tx.now,
    })
    .catch(onRoleNameTaken);
  await tx.query('INSERT INTO role_permissions (role_id, permission_id) SELECT $1, unnest($2::uuid[])', [
    id,
    permissionIds,
  ]);
  if (inherits.length > 0) await replaceInheritance(tx, id, inherits);
  const { name, description, permissions, inherits: names } = input;
  tx.record({
    type: 'roles.created',
    target: { type: 'role', id },
    details: {
      changed: {
        name: { to: name },
        ...(description === undefined ? {} : { description: { to: description } }),
        permissions: { to: permissions },
        inherits: { to: names },
      },
    },
  });
  return getRole(tx, id);
}
