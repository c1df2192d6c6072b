import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from './administrators.ts';
import { builtInRole } from './role.ts';
import { RolesTable } from './roles-table.ts';
import { lockRole, roleChanged } from './update-role.ts';

/** Deletes the role, its assignments and what inherits it. Throws not_found, conflict `roles.built_in` | `access.last_administrator`. */
export const deleteRole = (tx: Tx, input: RoleDeletion): Promise<void> =>
  withAdministratorKept(tx, () => remove(tx, input));

export type RoleDeletion = { readonly id: string; readonly expectedVersion?: number | undefined };

async function remove(tx: Tx, { id, expectedVersion }: RoleDeletion): Promise<void> {
  const role = await lockRole(tx, id);
  if (expectedVersion !== undefined && role.version !== expectedVersion) throw roleChanged();
  if (role.builtIn) throw builtInRole();
  await tx.table(RolesTable).delete({ id: role.id });
  const { name, permissions, inherits } = role;
  tx.record({ type: 'roles.deleted', target: { type: 'role', id }, details: { name, permissions, inherits } });
  tx.announce({ topic: 'access', key: '*' });
}
