import type { Tx } from '../../persistence/unit-of-work.ts';
import { ClientsTable } from './clients-table.ts';
import type { RegisteredClient } from './registered-client.ts';

/** Deletes the client with its secrets, permissions, consents and role assignments. The caller ends its tokens. */
export async function deleteClient(tx: Tx, { clientId, clientName }: RegisteredClient): Promise<void> {
  await tx.table(ClientsTable).delete({ clientId });
  tx.record({
    type: 'clients.deleted',
    target: { type: 'client', id: clientId },
    details: { client_name: clientName },
  });
  tx.announce({ topic: 'clients', key: clientId });
}
