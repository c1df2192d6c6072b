import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayGrantEverything, assertMayManageClient } from '../access/may-grant.ts';
import { assertNotBuiltIn } from '../clients/account-client.ts';
import {
  deleteClientSecret,
  type IssuedClientSecret,
  rotateClientSecret,
  type SecretRotation,
} from '../clients/client-secrets.ts';
import { getRegisteredClient } from '../clients/registered-client.ts';
import { signsInUnasked } from './admit-client.ts';

/** As `rotateClientSecret`; whoever knows the new secret can act as the client. Throws forbidden `access.exceeds_own_permissions`. */
export async function replaceClientSecret(tx: Tx, rotation: SecretRotation): Promise<IssuedClientSecret> {
  await assertMayActAs(tx, rotation.clientId);
  return rotateClientSecret(tx, rotation);
}

/** As `deleteClientSecret`. Throws forbidden `access.exceeds_own_permissions`. */
export async function withdrawClientSecret(
  tx: Tx,
  input: { readonly clientId: string; readonly secretId: string },
): Promise<void> {
  await assertMayActAs(tx, input.clientId);
  await deleteClientSecret(tx, input);
}

async function assertMayActAs(tx: Tx, clientId: string): Promise<void> {
  const { firstParty: first_party } = await getRegisteredClient(tx, clientId);
  await assertMayManageClient(tx, clientId);
  if (signsInUnasked({ first_party })) await assertMayGrantEverything(tx);
  assertNotBuiltIn(clientId);
}
