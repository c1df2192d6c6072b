import type { Tx } from '../../persistence/unit-of-work.ts';
import { ClientsTable } from './clients-table.ts';
import type { RegisteredClient } from './registered-client.ts';

/** No tokens from now on, and those from before are refused wherever they are presented. The caller ends what is stored. */
export async function markClientDisabled(tx: Tx, client: RegisteredClient): Promise<void> {
  await tx
    .table(ClientsTable)
    .update(
      { clientId: client.clientId },
      { enabled: false, accessValidFrom: tx.now, version: client.version + 1, updatedAt: tx.now },
    );
  tx.record({ type: 'clients.disabled', target: { type: 'client', id: client.clientId } });
  tx.announce({ topic: 'clients', key: client.clientId });
}

/** Restores nothing that was ended. */
export async function markClientEnabled(tx: Tx, client: RegisteredClient): Promise<void> {
  await tx
    .table(ClientsTable)
    .update({ clientId: client.clientId }, { enabled: true, version: client.version + 1, updatedAt: tx.now });
  tx.record({ type: 'clients.enabled', target: { type: 'client', id: client.clientId } });
  tx.announce({ topic: 'clients', key: client.clientId });
}
