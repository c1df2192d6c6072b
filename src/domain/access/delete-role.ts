import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from './administrators.ts';
import { builtInRole } from './role.ts';
import { RolesTable } from './roles-table.ts';
import { lockRole, roleChanged } from './update-role.ts';

/** Deletes the role, its assignments and what inherits it. Throws not_found, conflict `roles.built_in` | `access.last_administrator`. */
export async function deleteRole(
  tx: Tx,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | undefined },
): Promise<void> {
  const role = await lockRole(tx, id);
  if (expectedVersion !== undefined && role.version !== expectedVersion) throw roleChanged();
  if (role.builtIn) throw builtInRole();
  await withAdministratorKept(tx, () => tx.table(RolesTable).delete({ id: role.id }));
  const { name, permissions, inherits } = role;
  tx.record({ type: 'roles.deleted', target: { type: 'role', id }, details: { name, permissions, inherits } });
  tx.announce({ topic: 'access', key: '*' });
}
