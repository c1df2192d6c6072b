import type { PermissionId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';

/** Gives a client exactly these permissions of its own; answers those that are new to it. */
export async function replaceClientPermissions(
  tx: Tx,
  { clientId, permissionIds }: { readonly clientId: string; readonly permissionIds: readonly PermissionId[] },
): Promise<readonly PermissionId[]> {
  await tx.query('DELETE FROM client_permissions WHERE client_id = $1 AND permission_id <> ALL ($2::uuid[])', [
    clientId,
    permissionIds,
  ]);
  const added = await tx.query<{ id: PermissionId }>(
    `INSERT INTO client_permissions (client_id, permission_id) SELECT $1, unnest($2::uuid[])
     ON CONFLICT DO NOTHING RETURNING permission_id AS id`,
    [clientId, permissionIds],
  );
  tx.announce({ topic: 'access', key: `client:${clientId}` });
  return added.map(({ id }) => id);
}
