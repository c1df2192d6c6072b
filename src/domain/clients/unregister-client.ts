import type { Tx } from '../../persistence/unit-of-work.ts';

/** RFC 7592 §2.3: the client deletes itself. The caller ends its access first. */
export async function unregisterClient(tx: Tx, { clientId }: { readonly clientId: string }): Promise<void> {
  await tx.query('DELETE FROM clients WHERE client_id = $1', [clientId]);
  tx.record({ type: 'clients.unregistered', target: { type: 'client', id: clientId }, clientId });
  tx.announce({ topic: 'clients', key: clientId });
}
