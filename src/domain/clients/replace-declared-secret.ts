import type { Tx } from '../../persistence/unit-of-work.ts';
import { needsSecret } from './client-metadata.ts';
import type { ClientSecretKeeper } from './client-secret-keeper.ts';
import { endEarlierSecrets, insertClientSecret, insertDeclaredSecret, noSecret } from './client-secrets.ts';
import { lockClient } from './registered-client.ts';

export type DeclaredSecretChange = { readonly clientId: string; readonly keeper: ClientSecretKeeper } & (
  | { readonly secret: string }
  | { readonly hash: string }
);

/** A secret that a file names, beside the one in use, which ends after the change-over. Throws as `rotateClientSecret`. */
export async function replaceDeclaredSecret(tx: Tx, change: DeclaredSecretChange): Promise<void> {
  const { clientId, keeper } = change;
  const { metadata } = await lockClient(tx, { clientId });
  if (!needsSecret(metadata)) throw noSecret();
  const previousExpiresAt = await endEarlierSecrets(tx, { clientId });
  if ('secret' in change) await insertClientSecret(tx, { clientId, metadata, keeper, secret: change.secret });
  else await insertDeclaredSecret(tx, { clientId, hash: change.hash });
  tx.record({
    type: 'client-secrets.rotated',
    target: { type: 'client', id: clientId },
    details: { previousExpiresAt },
  });
  tx.announce({ topic: 'clients', key: clientId });
}
