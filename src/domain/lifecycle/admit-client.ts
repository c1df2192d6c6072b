import type { PermissionId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayGrantEverything, assertMayGrantPermissions } from '../access/may-grant.ts';
import { replaceClientPermissions } from '../clients/client-permissions.ts';
import type { IssuedClientSecret } from '../clients/client-secrets.ts';
import { metadataOf } from '../clients/client-state.ts';
import { type ClientCreation, clientIdTaken, createClient } from '../clients/create-client.ts';
import { resolvePermissions } from '../clients/granted-permissions.ts';
import { getRegisteredClient, type RegisteredClient } from '../clients/registered-client.ts';

/** The provider's own check of metadata; throws invalid. It does no input or output: the transaction may be repeated. */
export type CheckWithProvider = (clientId: string, metadata: Readonly<Record<string, unknown>>) => void;

export type ClientAdmission = ClientCreation & { readonly checkWithProvider?: CheckWithProvider | undefined };

export type ClientWithSecret = {
  readonly client: RegisteredClient;
  /** Generated now and readable only now. */
  readonly generated: IssuedClientSecret | undefined;
};

/**
 * Registers a client with its permissions. Throws conflict `clients.client_id_taken`, invalid `permissions.unknown`,
 * forbidden `access.exceeds_own_permissions`.
 */
export async function admitClient(
  tx: Tx,
  { checkWithProvider, ...creation }: ClientAdmission,
): Promise<ClientWithSecret> {
  const { input } = creation;
  const permissionIds: readonly PermissionId[] = await resolvePermissions(tx, input.permissions ?? []);
  await assertMayGrantPermissions(tx, permissionIds);
  if (signsInUnasked(input)) await assertMayGrantEverything(tx);
  if (input.client_id !== undefined) await assertNotSubject(tx, input.client_id);
  const { clientId, generated } = await createClient(tx, creation);
  checkWithProvider?.(clientId, metadataOf(input));
  if (permissionIds.length > 0) await replaceClientPermissions(tx, { clientId, permissionIds });
  return { client: await getRegisteredClient(tx, clientId), generated };
}

/**
 * A first-party client gets tokens for whoever visits it, without asking them. Whatever its grant types are today: a client
 * that registered itself may change them itself (RFC 7592).
 */
export const signsInUnasked = (client: { readonly first_party?: boolean | undefined }): boolean =>
  client.first_party === true;

/** RFC 9068 §5: a client must not be able to choose the `sub` of a person. */
async function assertNotSubject(tx: Tx, clientId: string): Promise<void> {
  const rows = await tx.query(
    'SELECT FROM users WHERE id::text = lower($1) UNION ALL SELECT FROM deleted_users WHERE id::text = lower($1)',
    [clientId],
  );
  if (rows.length > 0) throw clientIdTaken();
}
