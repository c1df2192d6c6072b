import type { Tx } from '../../persistence/unit-of-work.ts';
import type { ClientInput } from './client-input.ts';
import { needsRecoverableSecret, needsSecret } from './client-metadata.ts';
import { generateClientSecret } from './client-secret.ts';
import type { ClientSecretKeeper } from './client-secret-keeper.ts';
import { type IssuedClientSecret, insertClientSecret } from './client-secrets.ts';
import { ClientSecretsTable } from './client-secrets-table.ts';
import { foreignMetadata, type SettingChanges, settingColumns } from './client-state.ts';
import { ClientsTable } from './clients-table.ts';
import { onOrganizationUnknown } from './organization-unknown.ts';
import type { RegisteredClient } from './registered-client.ts';

export type ClientUpdate = {
  /** Locked by the caller. */
  readonly before: RegisteredClient;
  /** The whole of the new state. */
  readonly input: ClientInput;
  readonly changed: SettingChanges;
  readonly keeper: ClientSecretKeeper;
};

/**
 * Writes a client's new settings. A client whose new way of authenticating needs a secret that it has not gets one, which is
 * answered this once; one that needs none any more loses its secrets.
 */
export async function updateClient(
  tx: Tx,
  { before, input, changed, keeper }: ClientUpdate,
): Promise<IssuedClientSecret | undefined> {
  const { clientId } = before;
  const columns = settingColumns(input);
  const metadata = { ...foreignMetadata(before.metadata), ...columns.metadata };
  await tx
    .table(ClientsTable)
    .update({ clientId }, { ...columns, metadata, version: before.version + 1, updatedAt: tx.now })
    .catch(onOrganizationUnknown);
  const issued = await fitSecrets(tx, { clientId, metadata, keeper });
  const redacted = issued === undefined ? {} : { client_secret: { to: '[redacted]' } };
  tx.record({
    type: 'clients.updated',
    target: { type: 'client', id: clientId },
    details: { changed: { ...changed, ...redacted } },
  });
  tx.announce({ topic: 'clients', key: clientId });
  return issued;
}

async function fitSecrets(
  tx: Tx,
  { clientId, metadata, keeper }: Omit<Parameters<typeof insertClientSecret>[1], 'secret'>,
): Promise<IssuedClientSecret | undefined> {
  if (!needsSecret(metadata)) {
    await tx.table(ClientSecretsTable).delete({ clientId });
    return undefined;
  }
  const [usable] = await tx.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM client_secrets WHERE client_id = $1 AND (expires_at IS NULL OR expires_at > $2)
       AND (NOT $3::boolean OR envelope IS NOT NULL)) AS found`,
    [clientId, tx.now, needsRecoverableSecret(metadata)],
  );
  if (usable?.found) return undefined;
  return insertClientSecret(tx, { clientId, metadata, keeper, secret: generateClientSecret() });
}
