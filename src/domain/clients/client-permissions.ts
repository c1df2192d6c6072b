import type { PermissionId } from '../../kernel/ids.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';

/** Ids of the permissions a client has of its own. */
export async function listClientPermissions(read: Reader, clientId: string): Promise<readonly PermissionId[]> {
  const rows = await read.query<{ id: PermissionId }>(
    'SELECT permission_id AS id FROM client_permissions WHERE client_id = $1',
    [clientId],
  );
  return rows.map(({ id }) => id);
}

/** Gives a client exactly these permissions of its own. */
export async function replaceClientPermissions(
  tx: Tx,
  { clientId, permissionIds }: { readonly clientId: string; readonly permissionIds: readonly PermissionId[] },
): Promise<void> {
  await tx.query('DELETE FROM client_permissions WHERE client_id = $1 AND permission_id <> ALL ($2::uuid[])', [
    clientId,
    permissionIds,
  ]);
  await tx.query(
    'INSERT INTO client_permissions (client_id, permission_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING',
    [clientId, permissionIds],
  );
  tx.announce({ topic: 'access', key: `client:${clientId}` });
}
