import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayManageClient } from '../access/may-grant.ts';
import { assertNotBuiltIn } from '../clients/account-client.ts';
import { deleteClient } from '../clients/delete-client.ts';
import { lockClient, type RegisteredClient } from '../clients/registered-client.ts';
import { markClientDisabled, markClientEnabled } from '../clients/set-client-enabled.ts';
import { endClientAccess } from '../sessions/end-client-access.ts';

export type ClientReference = { readonly clientId: string; readonly expectedVersion?: number | undefined };

/**
 * Disables a client and ends what was issued to it, in one transaction. Open to everyone with the right to it. Throws not_found,
 * conflict `clients.built_in`.
 */
export async function disableClient(tx: Tx, reference: ClientReference): Promise<void> {
  const client = await lockClient(tx, reference);
  if (client.enabled) await disableLockedClient(tx, client);
}

export async function disableLockedClient(tx: Tx, client: RegisteredClient): Promise<void> {
  assertNotBuiltIn(client.clientId);
  await markClientDisabled(tx, client);
  await endClientAccess(tx, client);
}

/** Throws not_found, forbidden `access.exceeds_own_permissions`. Tokens from before stay ended. */
export async function enableClient(tx: Tx, reference: ClientReference): Promise<void> {
  const client = await lockClient(tx, reference);
  if (client.enabled) return;
  await assertMayManageClient(tx, client.clientId);
  await markClientEnabled(tx, client);
}

/** Deletes a client and ends what was issued to it. Throws not_found, precondition `request.version_mismatch`, conflict `clients.built_in`. */
export async function removeClient(tx: Tx, reference: ClientReference): Promise<void> {
  const client = await lockClient(tx, reference);
  assertNotBuiltIn(client.clientId);
  await endClientAccess(tx, client);
  await deleteClient(tx, client);
}
